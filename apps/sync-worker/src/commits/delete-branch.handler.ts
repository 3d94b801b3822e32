import { NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { deleteRef } from '@reunite/ghes-client';
import { ZERO_OBJECT_ID } from '@reunite/git-objects';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import type { BranchUpdates } from './branch-updates.js';
import { explainBranchRejection, headOf } from './server-branches.js';

/**
 * Deletes a branch. The API has checked that it is neither the production nor the default branch. Safe to run twice:
 * the second run answers that there is no such branch.
 */
export class DeleteBranchHandler implements JobHandler<typeof jobs.deleteBranch> {
  constructor(
    private readonly writes: InteractiveWrites,
    private readonly updates: BranchUpdates,
  ) {}

  handle(payload: PayloadOf<typeof jobs.deleteBranch>, { isRerun }: JobRun): Promise<null> {
    return this.writes.run({ ...payload, isRerun }, { contents: 'write' }, async (access) => {
      const { name: branch } = payload;
      const head = await headOf(access, branch);
      if (head === null) throw new NotFoundError(`The server has no branch "${branch}".`);
      try {
        await deleteRef(access.client, { ...access.name, ref: `heads/${branch}` });
      } catch (error) {
        throw await explainBranchRejection(error, access, branch);
      }
      await this.updates.record(access, branch, { before: head, after: ZERO_OBJECT_ID });
      return null;
    });
  }
}
