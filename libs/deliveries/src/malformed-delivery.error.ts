import { CodedError } from '@reunite/contracts';

/** The signature is valid but the payload does not match the event's schema. Not retryable. */
export class MalformedDeliveryError extends CodedError {
  readonly code = 'malformed-delivery';
}
