import { GhesError } from './ghes.error.js';

/** 409: the state on the server is not the expected one (also: an empty repository). */
export class GhesConflictError extends GhesError {
  readonly code = 'ghes-conflict';
  readonly remedy = 'Read the present state and decide again.';
}
