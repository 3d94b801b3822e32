import { CodedError } from '@reunite/contracts';

/** Nobody waits for the build any more: a newer commit came, its branch or project is gone, or a person ended it. */
export class BuildEndedError extends CodedError {
  readonly code = 'build-ended';

  constructor() {
    super('The build was ended: it is not wanted any more.');
  }
}
