/** Why an address cannot be the address of a GitHub Enterprise Server. */
export type InvalidServerUrlCode =
  | 'server_url_not_a_url'
  | 'server_url_not_http'
  | 'server_url_insecure'
  | 'server_url_has_credentials'
  | 'server_url_has_path'
  | 'server_url_is_github_com'
  | 'server_url_is_ghe_com';

/** The entered server URL is not acceptable; `message` says what to enter instead. Never repeats credentials of the input. */
export class InvalidServerUrlError extends Error {
  readonly retryable = false;

  constructor(
    readonly code: InvalidServerUrlCode,
    message: string,
  ) {
    super(message);
    this.name = 'InvalidServerUrlError';
  }
}
