import { CodedError } from '@reunite/contracts';

/** The vault bound the credential to another origin than the one of the connection. No request was sent (P6). */
export class OriginMismatchError extends CodedError {
  readonly code = 'origin-mismatch';

  constructor(connectionId: string) {
    super(`Connection ${connectionId} has another server in the credential vault. Delete it and connect again.`);
  }
}
