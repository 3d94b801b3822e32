import { CodedError } from '@reunite/contracts';

/**
 * The key-encryption key is missing, insecure or forbidden. The vault does not start. A running vault reports it as
 * retryable, because an operator can fix it, and treats no credential as lost.
 */
export class KekError extends CodedError {
  readonly code = 'kek-unusable';
}
