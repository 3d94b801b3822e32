import { createApiClient } from '@reunite/api-client';
import type { ApiMethod, ApiPath, ApiRequest, ApiResponse } from '@reunite/api-client';
import { NetworkError } from './network.error.js';
import type { Address } from './paths.js';
import { readProblem } from './read-problem.js';

/** Emits `signed-out` when the API answers 401. */
export const sessionEvents = new EventTarget();

interface SendOptions<Body> {
  readonly body?: Body;
  readonly idempotencyKey?: string;
  /** The version that the user has seen: the API rejects the change of a later one. */
  readonly version?: number;
}

interface Init {
  readonly body?: unknown;
  readonly bodySerializer?: (body: never) => unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The API gives up on its own calls after 20 s, so a longer silence means that it hangs. */
const READ_TIMEOUT_MS = 30_000;

/** Sends a request to the API. @throws ProblemError for a status that is not a success, NetworkError */
export async function call(request: Request): Promise<Response> {
  const response = await fetch(request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NetworkError(error);
  });
  if (response.ok) return response;
  if (response.status === 401) sessionEvents.dispatchEvent(new Event('signed-out'));
  throw readProblem(response.status, await response.text());
}

const client = createApiClient({ fetch: call, headers: { accept: 'application/json' } });

/** The one place where the types of address and method are lost; the functions below restore them. */
async function request(method: ApiMethod, { path, params, query }: Address<ApiPath>, init: Init): Promise<unknown> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));
  const options = { ...init, baseUrl: location.origin, params: { path: params, query: given } };
  const { data } = await client.request(method, path as never, options as never);
  return data;
}

/** Sends a GET request. @throws ProblemError, NetworkError */
export async function get<Path extends ApiPath>(
  address: Address<Path>,
  signal?: AbortSignal,
): Promise<ApiResponse<Path, 'get'>> {
  const timeout = AbortSignal.timeout(READ_TIMEOUT_MS);
  const init = { signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
  return (await request('get', address, init)) as ApiResponse<Path, 'get'>;
}

/** Sends a request that changes something. A response without a body (202, 204) gives undefined. */
export async function send<Path extends ApiPath, Method extends Exclude<ApiMethod, 'get'>>(
  method: Method,
  address: Address<Path>,
  { body, idempotencyKey, version }: SendOptions<ApiRequest<Path, Method>> = {},
): Promise<ApiResponse<Path, Method>> {
  const headers: Record<string, string> = {};
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  return (await request(method, address, { body, headers })) as ApiResponse<Path, Method>;
}

/** Sends the bytes of a file; the browser reads it while it sends. @throws ProblemError, NetworkError */
export async function sendFile<Path extends ApiPath>(
  address: Address<Path>,
  file: Blob,
): Promise<ApiResponse<Path, 'post'>> {
  const headers = { 'content-type': 'application/octet-stream' };
  const init = { body: file, bodySerializer: (bytes: Blob) => bytes, headers };
  return (await request('post', address, init)) as ApiResponse<Path, 'post'>;
}
