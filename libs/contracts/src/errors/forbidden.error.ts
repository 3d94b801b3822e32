import { CodedError } from './coded-error.js';

/** The caller is known and may not do this; the message names the missing role or permission. */
export class ForbiddenError extends CodedError {
  readonly code = 'forbidden';
}
