import { CodedError } from '@reunite/contracts';

/** A worker was lost while it wrote for a person, and nobody waits for the write any more. */
export class OutcomeUnknownError extends CodedError {
  readonly code = 'outcome-unknown';

  constructor() {
    super('Whether it was done is not known: a worker was lost at it. Look at what the server has, then try again.');
  }
}
