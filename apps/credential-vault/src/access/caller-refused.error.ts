import { CodedError } from '@reunite/contracts';

/** The service is known by its certificate, or is not, and may not call this method. */
export class CallerRefusedError extends CodedError {
  readonly code = 'caller-refused';
  readonly retryable = false;
}
