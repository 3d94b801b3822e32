import { setTimeout as wait } from 'node:timers/promises';
import { GhesBusyError } from '../errors/busy.error.js';
import { GhesCancelledError } from '../errors/cancelled.error.js';
import { GhesError } from '../errors/ghes.error.js';
import { GhesRateLimitedError } from '../errors/rate-limited.error.js';
import { GhesUnreachableError } from '../errors/unreachable.error.js';
import type { NetworkLimits } from '../network/network-limits.js';

/** Whether a request may be repeated. A POST that changes nothing (a GraphQL query, git's upload-pack) is a read. */
export type RequestKind = 'read' | 'write';

/**
 * Repeats a request, with jitter, where that is safe: reads after any transient error, writes only if nothing was sent.
 * Rate limits are not waited for here: the caller's job is delayed without occupying a worker.
 */
export async function withRetries<T>(
  kind: RequestKind,
  limits: Pick<NetworkLimits, 'maxAttempts' | 'retryDelayMs'>,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (number >= limits.maxAttempts || !mayRepeat(error, kind)) throw error;
      await wait(Math.random() * limits.retryDelayMs * 2 ** (number - 1));
    }
  }
}

function mayRepeat(error: unknown, kind: RequestKind): boolean {
  if (!(error instanceof GhesError) || !error.retryable) return false;
  const isForCaller =
    error instanceof GhesRateLimitedError || error instanceof GhesBusyError || error instanceof GhesCancelledError;
  if (isForCaller) return false;
  return kind === 'read' || (error instanceof GhesUnreachableError && error.nothingSent);
}
