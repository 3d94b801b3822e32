import { CodedError } from '@reunite/contracts/errors';

/** Bytes that claim to be a git object, a pack or an object id, and are not. Asking again would bring the same bytes. */
export class MalformedObjectError extends CodedError {
  readonly code = 'malformed-object';
}
