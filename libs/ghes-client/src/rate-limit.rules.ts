/** How long the server wants us to wait. */
export interface RateLimit {
  kind: 'primary' | 'secondary';
  /** By the local clock. */
  until: Date;
}

/** A refusal, as far as rate limits are concerned. */
export interface RefusedResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  message: string;
}

/** What GitHub's documentation says to wait after a secondary limit without `retry-after`. */
const defaultWaitMs = 60_000;

/** A quota is given back within the hour; a server that says more is not believed, so that no wrong header stops a connection for days. */
const longestWaitMs = 3_600_000;

/**
 * Reads a rate limit off a refusal. Servers without limits send no such headers: missing means unknown, never zero.
 * https://docs.github.com/enterprise-server@latest/rest/using-the-rest-api/rate-limits-for-the-rest-api
 *
 * @param now - local time
 * @param clockSkewSeconds - the server's clock minus ours: `x-ratelimit-reset` is in the server's time
 * @returns undefined if the refusal is for another reason
 */
export function rateLimitOf(
  response: RefusedResponse & { status: 429 },
  now: Date,
  clockSkewSeconds: number,
): RateLimit;
export function rateLimitOf(response: RefusedResponse, now: Date, clockSkewSeconds: number): RateLimit | undefined;
export function rateLimitOf(response: RefusedResponse, now: Date, clockSkewSeconds: number): RateLimit | undefined {
  const { status, headers, message } = response;
  if (status !== 403 && status !== 429) return undefined;
  const primary = headers['x-ratelimit-remaining'] === '0' || /\bAPI rate limit exceeded\b/i.test(message);
  const retryAfter = waitMs(headers['retry-after'], now, clockSkewSeconds);
  const secondary = status === 429 || retryAfter !== undefined || /secondary rate limit|abuse detection/i.test(message);
  if (!primary && !secondary) return undefined;
  const reset = primary ? resetWaitMs(headers['x-ratelimit-reset'], now, clockSkewSeconds) : undefined;
  const wait = Math.min(Math.max(retryAfter ?? reset ?? defaultWaitMs, 1_000), longestWaitMs);
  return { kind: primary ? 'primary' : 'secondary', until: new Date(now.getTime() + wait) };
}

function waitMs(retryAfter: string | undefined, now: Date, clockSkewSeconds: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : date - now.getTime() - clockSkewSeconds * 1000;
}

function resetWaitMs(reset: string | undefined, now: Date, clockSkewSeconds: number): number | undefined {
  if (reset === undefined || !/^\d{1,12}$/.test(reset)) return undefined;
  return Number(reset) * 1000 - now.getTime() - clockSkewSeconds * 1000;
}
