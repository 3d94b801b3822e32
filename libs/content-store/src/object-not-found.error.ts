import { CodedError } from '@reunite/contracts/errors';
import type { ObjectId } from '@reunite/git-objects';

/** This repository holds no such object. Another one may; that is nobody's business here. */
export class ObjectNotFoundError extends CodedError {
  readonly code = 'object-not-found';

  constructor(
    readonly repositoryId: string,
    readonly id: ObjectId,
  ) {
    super(`Repository ${repositoryId} holds no object ${id}. Sync the ref that should bring it.`);
  }
}
