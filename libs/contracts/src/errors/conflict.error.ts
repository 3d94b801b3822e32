import { CodedError } from './coded-error.js';

/** The request collides with what is there already. */
export class ConflictError extends CodedError {
  readonly code = 'conflict';
}
