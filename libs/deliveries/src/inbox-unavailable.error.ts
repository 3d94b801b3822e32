import { CodedError } from '@reunite/contracts';

/** The database cannot take deliveries now; none was promised to be kept, though one may have been. */
export class InboxUnavailableError extends CodedError {
  readonly code = 'inbox-unavailable';
}
