import { CodedError } from '@reunite/contracts';

/** The server redirected the user back without an authorization code. */
export class SignInRejectedError extends CodedError {
  readonly code = 'sign-in-rejected';

  /** @param error OAuth error code of the server */
  constructor(error: string) {
    super(
      error === 'access_denied'
        ? 'You did not allow the app to act for you. Verify your identity again and choose Authorize.'
        : 'The server did not sign you in. Try again; if it fails again, check the app’s settings on the server.',
    );
  }
}
