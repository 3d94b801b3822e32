import { CodedError } from '@reunite/contracts';

/** The caller no longer waits, and nothing was written: the API has already answered that nothing was done. */
export class TooLateError extends CodedError {
  readonly code = 'job-too-late';

  constructor() {
    super('Nothing was done: no worker was free in time. Try again.');
  }
}
