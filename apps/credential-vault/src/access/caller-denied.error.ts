import { CodedError } from '@reunite/contracts';

/** The service is known by its certificate, or is not, and may not call this method. */
export class CallerDeniedError extends CodedError {
  readonly code = 'caller-denied';
}
