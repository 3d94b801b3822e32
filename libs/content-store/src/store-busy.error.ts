import { CodedError } from '@reunite/contracts/errors';

/** Others kept publishing into the repository while this pack was read. */
export class StoreBusyError extends CodedError {
  readonly code = 'store-busy';

  constructor(readonly repositoryId: string) {
    super(`Repository ${repositoryId} is being written by others all the time. Try again.`);
  }
}
