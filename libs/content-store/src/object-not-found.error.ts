import { CodedError } from '@reunite/contracts/errors';
import type { ObjectId } from '@reunite/git-objects';

/** The repository lacks the object. Does not reveal whether another repository has it. */
export class ObjectNotFoundError extends CodedError {
  readonly code = 'object-not-found';

  constructor(
    readonly repositoryId: string,
    readonly id: ObjectId,
  ) {
    super(`Repository ${repositoryId} has no object ${id}. Sync the ref that contains it.`);
  }
}
