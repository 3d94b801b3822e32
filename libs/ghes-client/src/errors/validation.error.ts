import { GhesError } from './ghes.error.js';

/** 400, 422 and other responses to an invalid request. */
export class GhesValidationError extends GhesError {
  readonly code = 'ghes-validation';
  readonly remedy = 'Correct the named values.';
}
