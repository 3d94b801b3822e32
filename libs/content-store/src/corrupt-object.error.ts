import { CodedError } from '@reunite/contracts/errors';

/** What the store gave back is not what was written into it: a damaged or missing file. */
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
