import { isCoded } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';

/**
 * Returns the message of an error for users: what happened, and what to do. The message of an unexpected error may
 * contain anything, so that it stays in the log.
 */
export function userMessage(error: unknown): string {
  if (!isCoded(error)) return 'Unexpected error; see the log of sync-worker.';
  if (!(error instanceof GhesError)) return error.message;
  // The message may end with the server's text, without a full stop.
  return `${error.message.replace(/\.?$/, '.')} ${error.remedy}`;
}

/** Returns the server's own text from an error of the GHES client, without method, address and status. */
export function serverMessage(error: Error): string {
  return error.message.replace(/^.*? was answered with [^:]+(: )?/, '').replace(/\.?$/, '.');
}

/** True for permanent errors: they recur until something is changed. */
export function isPermanent(error: unknown): boolean {
  return isCoded(error) && !error.retryable;
}
