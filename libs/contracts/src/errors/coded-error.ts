import { ERROR_CODES, isErrorCode } from './error-codes.js';
import type { ErrorCode } from './error-codes.js';

/**
 * Base class of all errors of the services. `code` is stable and selects the HTTP status, the gRPC status and whether
 * to retry. The message names the event, the affected object and the next step; it never contains a secret.
 */
export abstract class CodedError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }

  /** True if the same call can succeed later without any change. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

/** True for errors with a registered code, also for those that were created by another copy of this module. */
export function isCoded(error: unknown): error is CodedError {
  return error instanceof Error && 'code' in error && isErrorCode(error.code) && 'retryable' in error;
}
