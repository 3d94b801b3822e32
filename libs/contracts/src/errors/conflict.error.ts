import { CodedError } from './coded-error.js';

/** The state of the target does not allow the request, or a name is taken. */
export class ConflictError extends CodedError {
  readonly code = 'conflict';
}
