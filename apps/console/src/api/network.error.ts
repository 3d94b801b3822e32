/** There was no response: the API is not running or hangs, or the network is down. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code = 'network';
  readonly retryable = true;

  constructor(cause: unknown) {
    super('The server is unreachable. Check your connection and try again.', { cause });
  }
}
