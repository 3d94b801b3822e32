import { GhesError } from './ghes.error.js';

/** 400, 422 and the other refusals of a request for what it says. */
export class ValidationError extends GhesError {
  readonly code = 'ghes_validation';
  readonly retryable = false;
  readonly remedy = 'Correct the named values.';
}
