import { CodedError } from '@reunite/contracts';

/** A worker was lost during an interactive write, and the caller no longer waits for it. */
export class OutcomeUnknownError extends CodedError {
  readonly code = 'outcome-unknown';

  constructor() {
    super('It is unknown whether the change was made: a worker was lost. Check the server before you try again.');
  }
}
