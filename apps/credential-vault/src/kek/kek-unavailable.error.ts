import { CodedError } from '@reunite/contracts';

/** The service that holds the KEK does not answer now. */
export class KekUnavailableError extends CodedError {
  readonly code = 'kek-unavailable';
}
