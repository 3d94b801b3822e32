import { CodedError } from '@reunite/contracts';

/** A stored credential does not decrypt, because its row was changed, moved, or wrapped by a foreign key. */
export class UndecryptableError extends CodedError {
  readonly code = 'credential-undecryptable';
}
