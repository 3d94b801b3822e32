import { CodedError } from '@reunite/contracts';

/** Nobody waits for the write any more: whoever asked was told that it is not done. */
export class TooLateError extends CodedError {
  readonly code = 'job-timeout';
  readonly retryable = false;

  constructor() {
    super('Nothing was written: the worker came to it too late. Try again.');
  }
}
