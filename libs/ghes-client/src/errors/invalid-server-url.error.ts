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

/** An invalid server URL. `message` contains what to enter instead, and never credentials from the input. */
export class InvalidServerUrlError extends CodedError {
  constructor(
    readonly code: InvalidServerUrlCode,
    message: string,
  ) {
    super(message);
  }
}
