import { CodedError } from '@reunite/contracts';

/** A stored credential does not decrypt: the row was changed, moved, or wrapped by a key that is not ours. */
export class UndecryptableError extends CodedError {
  readonly code = 'credential-undecryptable';
}
