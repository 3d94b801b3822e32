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

/** A path of the API with placeholders, such as `/v1/projects/{id}`. */
export type ApiPath = keyof paths;

/** A method as the OpenAPI document names it. */
export type ApiMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The body of a successful response; undefined for one without a body (202, 204). */
export type ApiResponse<Path extends ApiPath, Method extends ApiMethod> = paths[Path][Method] extends {
  responses: infer Responses;
}
  ? Responses extends { 200: Json<infer Body> } | { 201: Json<infer Body> }
    ? Body
    : undefined
  : never;

/** The JSON body of a request; undefined for one without a body. An optional field may be undefined: JSON leaves it out. */
export type ApiRequest<Path extends ApiPath, Method extends ApiMethod> = paths[Path][Method] extends {
  requestBody?: Json<infer Body>;
}
  ? WithUndefined<Body>
  : undefined;

type OptionalKey<Body> = { [Key in keyof Body]-?: object extends Pick<Body, Key> ? Key : never }[keyof Body];
type WithUndefined<Value> = Value extends readonly (infer Item)[]
  ? WithUndefined<Item>[]
  : Value extends object
    ? { [Key in Exclude<keyof Value, OptionalKey<Value>>]: WithUndefined<Value[Key]> } & {
        [Key in OptionalKey<Value>]?: WithUndefined<Value[Key]> | undefined;
      }
    : Value;

interface Json<Body> {
  readonly content: { readonly 'application/json': Body };
}
