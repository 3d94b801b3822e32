import { setTimeout as wait } from 'node:timers/promises';
import { GhesError } from '../errors/ghes.error.js';
import { GhesRateLimitedError } from '../errors/rate-limited.error.js';
import { GhesUnreachableError } from '../errors/unreachable.error.js';
import type { NetworkLimits } from '../network/network-limits.js';

/**
 * Runs a request again, with jitter, where that is safe: reads on any passing error, writes only if it is certain that nothing
 * happened. Rate limits are not waited for here: the caller's job waits without holding a worker.
 *
 * @param kind - a POST that changes nothing (git's upload-pack) is a read
 */
export async function withRetries<T>(
  kind: 'read' | 'write',
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

function mayRepeat(error: unknown, kind: 'read' | 'write'): boolean {
  if (!(error instanceof GhesError) || !error.retryable || error instanceof GhesRateLimitedError) return false;
  return kind === 'read' || (error instanceof GhesUnreachableError && error.nothingSent);
}
