import { CodedError } from '@reunite/contracts';

/** The vault bound the credential to another server than the one that is to be called: nothing was sent (P6). */
export class OriginMismatchError extends CodedError {
  readonly code = 'origin-mismatch';

  constructor(connectionId: string) {
    super(
      `Connection ${connectionId} and the credential vault disagree about its server. Delete it and connect again.`,
    );
  }
}
