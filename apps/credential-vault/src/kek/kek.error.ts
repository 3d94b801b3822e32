import { CodedError } from '@reunite/contracts';

/** The key-encryption key is not there, not safe or not the right one; the vault does not start. */
export class KekError extends CodedError {
  readonly code = 'kek-unusable';
  readonly retryable = false;
}
