import { CodedError } from '@reunite/contracts';

/** The connection has no app yet, because its manifest flow is not complete. */
export class ConnectionPendingError extends CodedError {
  readonly code = 'connection-pending';
}
