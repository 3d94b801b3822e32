/**
 * What every error of ours carries: a stable `code` for machines and whether the same call may succeed later. The
 * message says what happened, to which thing, and what to do; it never holds a secret.
 */
export abstract class CodedError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Whether `error` says itself if it may be retried; errors of the pure libraries do so without the base class. */
export function isCoded(error: unknown): error is Error & { readonly code: string; readonly retryable: boolean } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'retryable' in error;
}
