import { CodedError } from '@reunite/contracts';

export class TooManyStartsError extends CodedError {
  readonly code = 'too-many-starts';

  constructor(starts: number) {
    super(`It was started ${starts} times, and each time its worker died. Deploy again when the workers are healthy.`);
  }
}
