import { NetworkError } from './network.error.js';
import type { Path } from './paths.js';
import { readProblem } from './read-problem.js';

/** Emits `signed-out` when the API answers 401. */
export const sessionEvents = new EventTarget();

interface SendOptions {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** The version that the user has seen: the API rejects the change of a later one. */
  readonly version?: number;
}

/** The API gives up on its own calls after 20 s, so a longer silence means that it hangs. */
const READ_TIMEOUT_MS = 30_000;

async function call(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new NetworkError(error);
  });
  if (response.ok) return response;
  if (response.status === 401) sessionEvents.dispatchEvent(new Event('signed-out'));
  throw readProblem(response.status, await response.text());
}

/** Sends a GET request. @throws ProblemError, NetworkError */
export async function get<Answer>(path: Path<Answer>, signal?: AbortSignal): Promise<Answer> {
  const timeout = AbortSignal.timeout(READ_TIMEOUT_MS);
  const response = await call(path, {
    headers: { accept: 'application/json' },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  return (await response.json()) as Answer;
}

/** Sends a request that changes something. A response without a body (202, 204) gives undefined. */
export async function send<Answer>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: Path<Answer>,
  { body, idempotencyKey, version }: SendOptions = {},
): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  if (version !== undefined) headers['if-match'] = `"${version}"`;
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const text = await (await call(path, init)).text();
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** Sends the bytes of a file; the browser reads it while it sends. @throws ProblemError, NetworkError */
export async function sendFile<Answer>(path: Path<Answer>, file: Blob): Promise<Answer> {
  const headers = { accept: 'application/json', 'content-type': 'application/octet-stream' };
  const response = await call(path, { method: 'POST', headers, body: file });
  return (await response.json()) as Answer;
}
