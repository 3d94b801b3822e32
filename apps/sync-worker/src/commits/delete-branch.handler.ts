import { NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { deleteRef } from '@reunite/ghes-client';
import { ZERO_OBJECT_ID } from '@reunite/git-objects';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { branchRefusal, headOf } from './branch-writes.js';
import type { RepositoryWrites } from './repository-writes.js';

/** Deletes a branch, which the API has found to be neither production's nor the default. Run again, there is none. */
export class DeleteBranchHandler implements JobHandler<typeof jobs.deleteBranch> {
  constructor(private readonly writes: RepositoryWrites) {}

  handle(payload: PayloadOf<typeof jobs.deleteBranch>, { isRerun }: JobRun): Promise<null> {
    return this.writes.act({ ...payload, isRerun }, async (access) => {
      const { name: branch } = payload;
      const head = await headOf(access, branch);
      if (head === null) throw new NotFoundError(`The server has no branch "${branch}".`);
      try {
        await deleteRef(access.client, { ...access.name, ref: `heads/${branch}` });
      } catch (error) {
        throw await branchRefusal(error, access, branch);
      }
      await access.moved(branch, { before: head, after: ZERO_OBJECT_ID });
      return null;
    });
  }
}
