import { isCoded } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';

/**
 * What a person is told of an error: what happened, and what to do. The message of an error that nobody foresaw may hold
 * anything; it stays in the log.
 */
export function explain(error: unknown): string {
  if (!isCoded(error)) return 'Something unforeseen went wrong here; the log of sync-worker has the details.';
  return error instanceof GhesError ? error.userMessage : error.message;
}

/** Whether the same would happen again until somebody changes something. */
export function isLasting(error: unknown): boolean {
  return isCoded(error) && !error.retryable;
}
