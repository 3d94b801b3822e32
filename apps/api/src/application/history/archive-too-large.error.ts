import { CodedError } from '@reunite/contracts';

/** An archive would have more content than allowed. */
export class ArchiveTooLargeError extends CodedError {
  readonly code = 'inflated-too-large';

  constructor(limit: number) {
    super(`The archive has more than ${limit} bytes of content. Clone the repository instead.`);
  }
}
