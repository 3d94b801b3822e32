/** The private key cannot sign for a GitHub App. The message never holds a part of the key. */
export class InvalidPrivateKeyError extends Error {
  readonly code = 'invalid-private-key';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'InvalidPrivateKeyError';
  }
}
