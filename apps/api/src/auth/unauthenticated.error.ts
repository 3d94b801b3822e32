import { CodedError } from '@reunite/contracts';

/** Nobody knows who calls: no token, or one that is not good. */
export class UnauthenticatedError extends CodedError {
  readonly code = 'unauthenticated';
}
