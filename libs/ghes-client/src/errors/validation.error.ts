import { GhesError } from './ghes.error.js';

/** 400, 422 and the other refusals of a request for what it says. */
export class GhesValidationError extends GhesError {
  readonly code = 'ghes-validation';
  readonly remedy = 'Correct the named values.';
}
