import { CodedError } from '@reunite/contracts';

/** The issuer's keys cannot be read, so no token can be verified. */
export class SignInUnavailableError extends CodedError {
  readonly code = 'sign-in-unavailable';

  constructor(cause: unknown) {
    super('The keys of the sign-in service cannot be read. Try again in a moment.', { cause });
  }
}
