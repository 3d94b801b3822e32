import { request } from 'undici';
import type { z } from 'zod';
import { KekUnavailableError } from './kek-unavailable.error.js';
import { KekError } from './kek.error.js';
import { WrongKekError } from './wrong-kek.error.js';

export interface RemoteCall {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** True if a rejection with this status is about the data key, not about the caller's credentials. */
  readonly isAboutDataKey: (status: number) => boolean;
}

/** Timeout of a whole call in ms. Callers of the vault wait 5 s for calls that need no server. */
export const TIMEOUT_MS = 3_000;
/** Too many requests, and the answers of a gateway while the service starts. */
const isTransient = (status: number) => status === 429 || status >= 500;

/**
 * Calls a key service. Error messages name the service and contain neither the request nor the response.
 *
 * @throws KekUnavailableError, KekError, WrongKekError
 */
export async function callKeyService<T>(call: RemoteCall, answer: z.ZodType<T>): Promise<T> {
  const { url, method, headers, body } = call;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await request(url, { method, headers, body: body ?? null, signal }).catch((cause: unknown) => {
    throw new KekUnavailableError(`The key service at ${url.origin} cannot be reached.`, { cause });
  });
  const text = await response.body.text().catch((cause: unknown) => {
    throw new KekUnavailableError(`The key service at ${url.origin} did not complete its response.`, { cause });
  });
  if (response.statusCode !== 200 && response.statusCode !== 204) throw rejection(call, response.statusCode);
  try {
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  } catch {
    throw new KekError(`The key service at ${url.origin} gave an undocumented response.`);
  }
}

function rejection({ url: { origin }, isAboutDataKey }: RemoteCall, status: number): Error {
  if (isTransient(status)) return new KekUnavailableError(`The key service at ${origin} answers ${status}.`);
  if (isAboutDataKey(status)) return new WrongKekError(`The key service at ${origin} does not unwrap this data key.`);
  return new KekError(`The key service at ${origin} rejects the call with ${status}. Check its access rules.`);
}
