import { CodedError } from '@reunite/contracts/errors';

/** An invalid git object, pack or object id. Not retryable. */
export class MalformedObjectError extends CodedError {
  readonly code = 'malformed-object';
}
