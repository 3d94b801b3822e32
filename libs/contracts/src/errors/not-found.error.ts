import { CodedError } from './coded-error.js';

/** The thing does not exist, or belongs to another organization: the two are never told apart. */
export class NotFoundError extends CodedError {
  readonly code = 'not-found';
}
