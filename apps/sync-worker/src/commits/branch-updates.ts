import type { Logger } from '@reunite/platform';
import { branchRef } from '@reunite/repositories';
import type { PushedChange, RefTracker } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { ActorAccess } from '../connections/actor-access.js';

/** Records branch updates of our own, so that their sync does not wait for the webhook. */
export class BranchUpdates {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly refs: RefTracker,
    private readonly logger: Logger,
  ) {}

  /**
   * Tracks an update like a push that was delivered. Never fails, because the branch is written already; an error would
   * make the caller write it again.
   */
  async record({ connection, repository }: ActorAccess, branch: string, push: PushedChange): Promise<void> {
    const ref = { repositoryId: repository.id, name: branchRef(branch) };
    try {
      await this.unitOfWork.run({ connectionId: connection.id }, (work) => this.refs.push(work, ref, push));
    } catch (error) {
      const message = 'desired state not updated after a write; the webhook or the reconciliation will';
      this.logger.warn({ err: error, ...ref }, message);
    }
  }
}
