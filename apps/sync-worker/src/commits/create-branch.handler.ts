import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { createRef, getCommitObject, GhesError } from '@reunite/ghes-client';
import { isObjectId, ZERO_OBJECT_ID } from '@reunite/git-objects';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { branchRefusal, headOf } from './branch-writes.js';
import type { RepositoryWrites, WriteAccess } from './repository-writes.js';

type Payload = PayloadOf<typeof jobs.createBranch>;

/** Makes a branch. Run again, the server refuses a second one of the name. */
export class CreateBranchHandler implements JobHandler<typeof jobs.createBranch> {
  constructor(private readonly writes: RepositoryWrites) {}

  handle(payload: Payload, { again }: JobRun): Promise<ResultOf<typeof jobs.createBranch>> {
    return this.writes.act({ ...payload, again }, async (access) => {
      const { name: branch, from } = payload;
      const commit = await commitOf(access, from);
      try {
        await createRef(access.client, { ...access.name, ref: `heads/${branch}`, sha: commit });
      } catch (error) {
        throw await refusal(error, access, branch);
      }
      await access.moved(branch, { before: ZERO_OBJECT_ID, after: commit });
      return { commit };
    });
  }
}

/** A branch of this name before a commit of this id: never a tag. */
async function commitOf(access: WriteAccess, from: string): Promise<string> {
  const head = await headOf(access, from);
  if (head !== null) return head;
  if (!isObjectId(from)) throw new NotFoundError(`The server has no branch "${from}" to begin from.`);
  try {
    return (await getCommitObject(access.client, { ...access.name, sha: from })).sha;
  } catch (error) {
    if (!(error instanceof GhesError) || error.code !== 'ghes_not_found') throw error;
    throw new NotFoundError(`The repository has no commit ${from}.`, { cause: error });
  }
}

async function refusal(error: unknown, access: WriteAccess, branch: string): Promise<unknown> {
  if (error instanceof GhesError && error.code === 'ghes_conflict') {
    return new ConflictError(`There is a branch "${branch}" already.`, { cause: error });
  }
  return branchRefusal(error, access, branch);
}
