import { CodedError } from '@reunite/contracts';

export type AppProofFault =
  'wrong-host' | 'unknown-app' | 'wrong-key' | 'wrong-app' | 'wrong-client-id' | 'permission-missing';

/** The server does not confirm that the entered credentials are those of the entered app; nothing was kept. */
export class AppProofError extends CodedError {
  readonly code: `app-${AppProofFault}`;
  readonly retryable = false;

  constructor(fault: AppProofFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = `app-${fault}`;
  }
}
