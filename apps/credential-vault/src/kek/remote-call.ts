import { request } from 'undici';
import type { z } from 'zod';
import { KekUnavailableError } from './kek-unavailable.error.js';
import { KekError } from './kek.error.js';

export interface RemoteCall {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const TIMEOUT_MS = 5_000;
/** Too many requests, and what gateways say of a service that starts. */
const passing = (status: number) => status === 429 || status >= 500;

/**
 * One call to a service that holds a KEK. Messages name the service, never what was sent or answered.
 *
 * @throws KekUnavailableError, KekError
 */
export async function callKekService<T>(call: RemoteCall, answer: z.ZodType<T>): Promise<T> {
  const { url, method, headers, body } = call;
  const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
  const response = await request(url, { method, headers, body: body ?? null, ...timeouts }).catch((cause: unknown) => {
    throw new KekUnavailableError(`The key service at ${url.origin} cannot be reached.`, { cause });
  });
  const text = await response.body.text().catch((cause: unknown) => {
    throw new KekUnavailableError(`The key service at ${url.origin} did not finish its answer.`, { cause });
  });
  if (passing(response.statusCode)) {
    throw new KekUnavailableError(`The key service at ${url.origin} answers ${response.statusCode}.`);
  }
  if (response.statusCode !== 200 && response.statusCode !== 204) {
    throw new KekError(`The key service at ${url.origin} refuses with ${response.statusCode}. Check its access rules.`);
  }
  try {
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  } catch {
    throw new KekError(`The key service at ${url.origin} answers what is not in its documentation.`);
  }
}
