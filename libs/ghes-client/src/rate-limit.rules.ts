/** A rate limit of a server. */
export interface RateLimit {
  readonly kind: 'primary' | 'secondary';
  /** By the local clock. */
  readonly until: Date;
}

/** The parts of a failed response that identify a rate limit. */
export interface LimitedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
}

/** The wait that GitHub documents for a secondary limit without `retry-after`. */
const DEFAULT_WAIT_MS = 60_000;

/** Quotas reset within an hour. Longer waits are ignored, so that a wrong header cannot stop a connection for days. */
const MAX_WAIT_MS = 3_600_000;

/**
 * Reads the rate limit from a failed response. Servers without limits omit the headers: missing means unknown, not
 * zero. https://docs.github.com/enterprise-server@latest/rest/using-the-rest-api/rate-limits-for-the-rest-api
 *
 * @param now local time
 * @param clockSkewSeconds the server's clock minus the local one: `x-ratelimit-reset` is in the server's time
 * @returns undefined if the failure has another reason
 */
export function rateLimitOf(
  response: LimitedResponse & { status: 429 },
  now: Date,
  clockSkewSeconds: number,
): RateLimit;
export function rateLimitOf(response: LimitedResponse, now: Date, clockSkewSeconds: number): RateLimit | undefined;
export function rateLimitOf(response: LimitedResponse, now: Date, clockSkewSeconds: number): RateLimit | undefined {
  const { status, headers, message } = response;
  if (status !== 403 && status !== 429) return undefined;
  const primary = headers['x-ratelimit-remaining'] === '0' || /\bAPI rate limit exceeded\b/i.test(message);
  const retryAfter = waitMs(headers['retry-after'], now, clockSkewSeconds);
  const secondary = status === 429 || retryAfter !== undefined || /secondary rate limit|abuse detection/i.test(message);
  if (!primary && !secondary) return undefined;
  const reset = primary ? resetWaitMs(headers['x-ratelimit-reset'], now, clockSkewSeconds) : undefined;
  const wait = Math.min(Math.max(retryAfter ?? reset ?? DEFAULT_WAIT_MS, 1_000), MAX_WAIT_MS);
  return { kind: primary ? 'primary' : 'secondary', until: new Date(now.getTime() + wait) };
}

/** The rest of a quota, as of one response. */
export interface RateLimitLeft {
  readonly limit: number;
  readonly remaining: number;
  /** By the server's clock; null if the server did not return it. */
  readonly resetsAt: Date | null;
}

/** Reads the rest of a quota from a response. Returns null for a server without limits. */
export function rateLimitLeft(headers: Readonly<Record<string, string>>): RateLimitLeft | null {
  const [limit, remaining] = [headers['x-ratelimit-limit'], headers['x-ratelimit-remaining']].map(count);
  if (!limit || remaining === undefined) return null;
  const reset = count(headers['x-ratelimit-reset']);
  return { limit, remaining, resetsAt: reset === undefined ? null : new Date(reset * 1000) };
}

function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$|^[12]\d{9}$/.test(value) ? Number(value) : undefined;
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
