import { CodedError } from '@reunite/contracts';

export type AppProofFailure =
  'wrong-host' | 'unknown-app' | 'wrong-key' | 'wrong-app' | 'wrong-client-id' | 'permission-missing';

/** The server does not confirm that the entered credentials are those of the entered app; nothing was kept. */
export class AppProofError extends CodedError {
  readonly code: `app-${AppProofFailure}`;

  constructor(fault: AppProofFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = `app-${fault}`;
  }
}
