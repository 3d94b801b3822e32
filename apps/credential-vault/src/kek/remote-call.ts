import { request } from 'undici';
import type { z } from 'zod';
import { KekUnavailableError } from './kek-unavailable.error.js';
import { KekError } from './kek.error.js';
import { WrongKekError } from './wrong-kek.error.js';

export interface RemoteCall {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether a refusal with this status is about the data key that was sent, and not about who sent it. */
  readonly isAboutDataKey: (status: number) => boolean;
}

/** Of the whole call. Callers of the vault wait 5 s for what needs no server. */
export const TIMEOUT_MS = 3_000;
/** Too many requests, and what gateways say of a service that starts. */
const passing = (status: number) => status === 429 || status >= 500;

/**
 * One call to a service that holds a KEK. Messages name the service, never what was sent or answered.
 *
 * @throws KekUnavailableError, KekError, WrongKekError
 */
export async function callKekService<T>(call: RemoteCall, answer: z.ZodType<T>): Promise<T> {
  const { url, method, headers, body } = call;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await request(url, { method, headers, body: body ?? null, signal }).catch((cause: unknown) => {
    throw new KekUnavailableError(`The key service at ${url.origin} cannot be reached.`, { cause });
  });
  const text = await response.body.text().catch((cause: unknown) => {
    throw new KekUnavailableError(`The key service at ${url.origin} did not finish its answer.`, { cause });
  });
  if (response.statusCode !== 200 && response.statusCode !== 204) throw refusal(call, response.statusCode);
  try {
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  } catch {
    throw new KekError(`The key service at ${url.origin} answers what is not in its documentation.`);
  }
}

function refusal({ url: { origin }, isAboutDataKey }: RemoteCall, status: number): Error {
  if (passing(status)) return new KekUnavailableError(`The key service at ${origin} answers ${status}.`);
  if (isAboutDataKey(status)) return new WrongKekError(`The key service at ${origin} does not unwrap this data key.`);
  return new KekError(`The key service at ${origin} refuses with ${status}. Check its access rules.`);
}
