import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { createRef, getCommitObject, GhesError } from '@reunite/ghes-client';
import { isObjectId, ZERO_OBJECT_ID } from '@reunite/git-objects';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { ActorAccess } from '../connections/actor-access.js';
import { failAsUnknown } from '../interactive/interactive-request.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import type { BranchUpdates } from './branch-updates.js';
import { explainBranchRejection, headOf } from './server-branches.js';

type Payload = PayloadOf<typeof jobs.createBranch>;
type Result = ResultOf<typeof jobs.createBranch>;

/**
 * Creates a branch. Safe to run twice, and to repeat after a lost answer: the server never creates a second branch of the
 * same name. A rerun returns an existing branch at the requested commit as its result; the first run reports a conflict.
 */
export class CreateBranchHandler implements JobHandler<typeof jobs.createBranch> {
  constructor(
    private readonly writes: InteractiveWrites,
    private readonly updates: BranchUpdates,
  ) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    return this.writes.run(
      { ...payload, isRerun },
      { contents: 'write' },
      (access) => this.create(access, payload, isRerun),
      async (access) =>
        (await this.createdBefore(access, payload.name, await commitOf(access, payload.from))) ?? failAsUnknown(),
    );
  }

  private async create(access: ActorAccess, { name: branch, from }: Payload, isRerun: boolean): Promise<Result> {
    const commit = await commitOf(access, from);
    try {
      await createRef(access.client, { ...access.name, ref: `heads/${branch}`, sha: commit });
    } catch (error) {
      const existing = isRerun && isTaken(error) ? await this.createdBefore(access, branch, commit) : null;
      if (existing) return existing;
      throw await explainRejection(error, access, branch);
    }
    return this.record(access, branch, commit);
  }

  private async createdBefore(access: ActorAccess, branch: string, commit: string): Promise<Result | null> {
    return (await headOf(access, branch)) === commit ? this.record(access, branch, commit) : null;
  }

  private async record(access: ActorAccess, branch: string, commit: string): Promise<Result> {
    await this.updates.record(access, branch, { before: ZERO_OBJECT_ID, after: commit });
    return { commit };
  }
}

function isTaken(error: unknown): error is GhesError {
  return error instanceof GhesError && error.code === 'ghes-conflict';
}

/** Resolves a branch, or else a commit id. Tags are not resolved. */
async function commitOf(access: ActorAccess, from: string): Promise<string> {
  const head = await headOf(access, from);
  if (head !== null) return head;
  if (!isObjectId(from)) throw new NotFoundError(`The server has no branch "${from}" to start from.`);
  try {
    return (await getCommitObject(access.client, { ...access.name, sha: from })).sha;
  } catch (error) {
    if (!(error instanceof GhesError) || error.code !== 'ghes-not-found') throw error;
    throw new NotFoundError(`The repository has no commit ${from}.`, { cause: error });
  }
}

async function explainRejection(error: unknown, access: ActorAccess, branch: string): Promise<unknown> {
  if (isTaken(error)) return new ConflictError(`Branch "${branch}" already exists.`, { cause: error });
  return explainBranchRejection(error, access, branch);
}
