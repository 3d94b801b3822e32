import { GhesError } from './ghes.error.js';

/** 409: the state on the server is not the expected one, or the repository is empty. */
export class GhesConflictError extends GhesError {
  readonly code = 'ghes-conflict';
  readonly remedy = 'Reload the current state and retry.';
}
