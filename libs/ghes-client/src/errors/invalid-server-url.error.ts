import { CodedError } from '@reunite/contracts/errors';

/** Why an address cannot be the address of a GitHub Enterprise Server. */
export type InvalidServerUrlCode =
  | 'server-url-not-a-url'
  | 'server-url-not-http'
  | 'server-url-insecure'
  | 'server-url-has-credentials'
  | 'server-url-has-path'
  | 'server-url-is-github-com'
  | 'server-url-is-ghe-com';

/** The entered server URL is not acceptable; `message` says what to enter instead. Never repeats credentials of the input. */
export class InvalidServerUrlError extends CodedError {
  constructor(
    readonly code: InvalidServerUrlCode,
    message: string,
  ) {
    super(message);
  }
}
