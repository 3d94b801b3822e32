import { CodedError } from '@reunite/contracts';

/** A delivery was signed rightly, and yet it is not what its event promises. It would be the same next time. */
export class MalformedDeliveryError extends CodedError {
  readonly code = 'malformed-delivery';
}
