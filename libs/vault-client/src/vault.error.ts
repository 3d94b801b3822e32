import { CodedError } from '@reunite/contracts';

/**
 * The vault refused or could not answer. `code` is the vault's own (the code of a GHES error passes through unchanged);
 * `vault-unavailable` and `vault-timeout` are said by this side.
 */
export class VaultError extends CodedError {
  constructor(
    message: string,
    readonly code: string,
    readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
