import { CodedError } from '@reunite/contracts';

/**
 * The key-encryption key is not there, not safe or may not be used; the vault does not start. While it runs, an operator
 * can mend it: what needs the key is tried again, and no credential is taken for lost.
 */
export class KekError extends CodedError {
  readonly code = 'kek-unusable';
}
