import { CodedError } from '@reunite/contracts/errors';

/** The private key cannot sign for a GitHub App. The message never holds a part of the key. */
export class InvalidPrivateKeyError extends CodedError {
  readonly code = 'invalid-private-key';
}
