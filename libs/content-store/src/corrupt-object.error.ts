import { CodedError } from '@reunite/contracts/errors';

/** A stored file is damaged or missing. */
export class CorruptObjectError extends CodedError {
  readonly code = 'corrupt-object';

  constructor(
    readonly repositoryId: string,
    what: string,
    options?: ErrorOptions,
  ) {
    super(
      `The content of repository ${repositoryId} is damaged: ${what}. Remove the repository's content and sync it again.`,
      options,
    );
  }
}
