import { isCoded } from '@reunite/contracts';

/** What becomes of a job whose handler threw. */
export type Disposition =
  | { readonly kind: 'retry' }
  /** Not before this time, and without holding a worker or spending an attempt: a rate limit. */
  | { readonly kind: 'wait'; readonly until: Date }
  /** It would fail the same way again: kept as failed, for people. */
  | { readonly kind: 'fail' };

/**
 * The one table from error to job. An error that says `until` waits for it; one that says it is not retryable fails for
 * good; anything else, also what nobody foresaw, is tried again.
 */
export function dispositionOf(error: unknown): Disposition {
  if (!isCoded(error)) return { kind: 'retry' };
  if ('until' in error && error.until instanceof Date) return { kind: 'wait', until: error.until };
  return error.retryable ? { kind: 'retry' } : { kind: 'fail' };
}

const LONGEST_BACKOFF_MS = 5 * 60_000;

/**
 * Exponential backoff with full jitter, capped at five minutes, so that a server that comes back is not met by everybody
 * at once.
 *
 * @param attempt the number of attempts made, from 1
 * @param random in [0, 1)
 */
export function backoffMs(baseMs: number, attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_BACKOFF_MS, baseMs * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
