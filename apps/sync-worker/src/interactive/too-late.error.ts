import { CodedError } from '@reunite/contracts';

/** Nobody waits for the write any more, and none was begun: whoever asked was told that it is not done. */
export class TooLateError extends CodedError {
  readonly code = 'job-too-late';

  constructor() {
    super('Nothing was done: the worker came to it too late. Try again.');
  }
}
