import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { createRef, getCommitObject, GhesError } from '@reunite/ghes-client';
import { isObjectId, ZERO_OBJECT_ID } from '@reunite/git-objects';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { refuseUnknown } from '../interactive/for-person.js';
import { branchRefusal, headOf } from './branch-writes.js';
import type { RepositoryWrites, WriteAccess } from './repository-writes.js';

type Payload = PayloadOf<typeof jobs.createBranch>;
type Result = ResultOf<typeof jobs.createBranch>;

/**
 * Makes a branch. Run again, or asked again because an answer got lost, it answers the one that is there, if it stands where
 * this one was to begin: the server makes no second one of the name.
 */
export class CreateBranchHandler implements JobHandler<typeof jobs.createBranch> {
  constructor(private readonly writes: RepositoryWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    return this.writes.act(
      { ...payload, isRerun },
      (access) => make(access, payload),
      async (access) =>
        (await madeBefore(access, payload.name, await commitOf(access, payload.from))) ?? refuseUnknown(),
    );
  }
}

async function make(access: WriteAccess, { name: branch, from }: Payload): Promise<Result> {
  const commit = await commitOf(access, from);
  try {
    await createRef(access.client, { ...access.name, ref: `heads/${branch}`, sha: commit });
  } catch (error) {
    const before = isTaken(error) ? await madeBefore(access, branch, commit) : null;
    if (before) return before;
    throw await refusal(error, access, branch);
  }
  return made(access, branch, commit);
}

async function made(access: WriteAccess, branch: string, commit: string): Promise<Result> {
  await access.moved(branch, { before: ZERO_OBJECT_ID, after: commit });
  return { commit };
}

async function madeBefore(access: WriteAccess, branch: string, commit: string): Promise<Result | null> {
  return (await headOf(access, branch)) === commit ? made(access, branch, commit) : null;
}

function isTaken(error: unknown): error is GhesError {
  return error instanceof GhesError && error.code === 'ghes-conflict';
}

/** A branch of this name before a commit of this id: never a tag. */
async function commitOf(access: WriteAccess, from: string): Promise<string> {
  const head = await headOf(access, from);
  if (head !== null) return head;
  if (!isObjectId(from)) throw new NotFoundError(`The server has no branch "${from}" to begin from.`);
  try {
    return (await getCommitObject(access.client, { ...access.name, sha: from })).sha;
  } catch (error) {
    if (!(error instanceof GhesError) || error.code !== 'ghes-not-found') throw error;
    throw new NotFoundError(`The repository has no commit ${from}.`, { cause: error });
  }
}

async function refusal(error: unknown, access: WriteAccess, branch: string): Promise<unknown> {
  if (isTaken(error)) {
    return new ConflictError(`There is a branch "${branch}" already.`, { cause: error });
  }
  return branchRefusal(error, access, branch);
}
