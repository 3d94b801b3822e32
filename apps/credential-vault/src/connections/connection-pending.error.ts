import { CodedError } from '@reunite/contracts';

/** The connection has no app yet: its manifest flow was not completed. */
export class ConnectionPendingError extends CodedError {
  readonly code = 'connection-pending';
}
