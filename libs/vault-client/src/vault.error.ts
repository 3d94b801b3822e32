import { CodedError } from '@reunite/contracts';
import type { ErrorCode, InputViolation } from '@reunite/contracts';

/**
 * A call to the vault failed. `code` is the vault's own, which includes the codes of GHES errors; the client itself
 * adds `vault-unavailable` and `vault-timeout`, and `vault-internal` for a code that it does not know.
 */
export class VaultError extends CodedError {
  constructor(
    message: string,
    readonly code: ErrorCode,
    options?: ErrorOptions,
    /** The invalid fields, for the code `invalid-input`. */
    readonly violations: readonly InputViolation[] = [],
  ) {
    super(message, options);
  }
}
