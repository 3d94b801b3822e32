import { CodedError } from '@reunite/contracts';

export type AppProofFailure =
  'wrong-host' | 'unknown-app' | 'wrong-key' | 'wrong-app' | 'wrong-client-id' | 'permission-missing';

/** The server does not confirm that the entered credentials belong to the entered app. Nothing was stored. */
export class AppProofError extends CodedError {
  readonly code: `app-${AppProofFailure}`;

  constructor(failure: AppProofFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = `app-${failure}`;
  }
}
