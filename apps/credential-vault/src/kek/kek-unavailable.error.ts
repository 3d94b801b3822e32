import { CodedError } from '@reunite/contracts';

/** The key service does not answer. */
export class KekUnavailableError extends CodedError {
  readonly code = 'kek-unavailable';
}
