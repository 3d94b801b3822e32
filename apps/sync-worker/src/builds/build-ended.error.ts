import { CodedError } from '@reunite/contracts';

/** The deployment was cancelled, superseded or removed while it was built or checked. */
export class BuildEndedError extends CodedError {
  readonly code = 'build-ended';

  constructor() {
    super('The build was stopped: its deployment was cancelled or superseded.');
  }
}
