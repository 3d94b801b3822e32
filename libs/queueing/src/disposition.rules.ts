import { isCoded } from '@reunite/contracts';

/** The next step for a job whose handler threw. */
export type Disposition =
  | { readonly kind: 'retry' }
  /** Delay until this time without occupying a worker or using up an attempt: a rate limit. */
  | { readonly kind: 'wait'; readonly until: Date }
  /** Permanent: the job is kept as failed for inspection. */
  | { readonly kind: 'fail' };

/**
 * Maps an error to a disposition: an error with `until` delays the job, a non-retryable one fails it, any other error,
 * including unexpected ones, is retried.
 */
export function dispositionOf(error: unknown): Disposition {
  if (!isCoded(error)) return { kind: 'retry' };
  if ('until' in error && error.until instanceof Date) return { kind: 'wait', until: error.until };
  return error.retryable ? { kind: 'retry' } : { kind: 'fail' };
}

const MAX_BACKOFF_MS = 5 * 60_000;

/**
 * Exponential backoff in milliseconds, capped at five minutes. The upper half is random, so that clients do not return
 * to a recovered server all at once.
 *
 * @param attempt number of attempts made, from 1
 * @param random in [0, 1)
 */
export function backoffMs(baseMs: number, attempt: number, random: number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, baseMs * 2 ** (attempt - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
