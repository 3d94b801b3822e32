import { CodedError } from '@reunite/contracts/errors';

/** Other processes kept writing to the repository while the pack was read. */
export class StoreBusyError extends CodedError {
  readonly code = 'store-busy';

  constructor(readonly repositoryId: string) {
    super(`Repository ${repositoryId} is busy: other processes keep writing to it. Retry.`);
  }
}
