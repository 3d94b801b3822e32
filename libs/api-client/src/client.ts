import createClient from 'openapi-fetch';
import type { Client, ClientOptions } from 'openapi-fetch';
import type { paths } from './generated/api.js';

/** Calls the API by path: `client.GET('/v1/projects/{id}', { params: { path: { id } } })`. */
export type ApiClient = Client<paths>;

/** Options of `fetch`, and `baseUrl`, `headers` and `fetch` itself. */
export type ApiClientOptions = ClientOptions;

/**
 * A client of the HTTP API, whose requests and responses are typed by the OpenAPI document. A call resolves with `data`, or
 * with `error` (a problem, RFC 9457), and with the `response`; it rejects only if no response arrived.
 *
 * @param options `baseUrl` is empty for pages of the API itself; other callers set the header `authorization`
 */
export function createApiClient(options: ApiClientOptions = {}): ApiClient {
  return createClient<paths>(options);
}
