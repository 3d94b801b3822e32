import type { ObjectId } from '@reunite/git-objects';

/** This repository holds no such object. Another one may; that is nobody's business here. */
export class ObjectNotFoundError extends Error {
  override readonly name = 'ObjectNotFoundError';
  readonly code = 'object-not-found';
  readonly retryable = false;

  constructor(
    readonly repositoryId: string,
    readonly id: ObjectId,
  ) {
    super(`Repository ${repositoryId} holds no object ${id}. Sync the ref that should bring it.`);
  }
}
