/** What the store gave back is not what was written into it: a damaged or missing file. */
export class CorruptObjectError extends Error {
  override readonly name = 'CorruptObjectError';
  readonly code = 'corrupt-object';
  readonly retryable = false;

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
