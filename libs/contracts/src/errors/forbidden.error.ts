import { CodedError } from './coded-error.js';

/** The caller lacks a role or permission, which the message names. */
export class ForbiddenError extends CodedError {
  readonly code = 'forbidden';
}
