import { CodedError } from './coded-error.js';

/** The thing does not exist or belongs to another organization; the error is the same for both. */
export class NotFoundError extends CodedError {
  readonly code = 'not-found';
}
