/** Others kept publishing into the repository while this pack was read. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
  readonly code = 'store-busy';
  readonly retryable = true;

  constructor(readonly repositoryId: string) {
    super(`Repository ${repositoryId} is being written by others all the time. Try again.`);
  }
}
