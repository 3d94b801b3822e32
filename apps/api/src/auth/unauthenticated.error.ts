import { CodedError } from '@reunite/contracts';

/** The token is missing or invalid. */
export class UnauthenticatedError extends CodedError {
  readonly code = 'unauthenticated';
}
