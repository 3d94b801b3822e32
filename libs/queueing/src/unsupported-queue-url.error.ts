import { CodedError } from '@reunite/contracts';

/** `QUEUE_URL` names no supported back end, or has an unknown option. */
export class UnsupportedQueueUrlError extends CodedError {
  readonly code = 'unsupported-queue-url';
}
