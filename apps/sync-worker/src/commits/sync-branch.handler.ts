import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { compareCommits, GhesError, mergeBranch } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { commitMessage } from '@reunite/repositories';
import type { ActorAccess } from '../connections/actor-access.js';
import { FOR_WORKFLOWS } from '../pull-requests/update-pull-request-branch.handler.js';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import type { BranchUpdates } from './branch-updates.js';
import { explainBranchRejection, headOf } from './server-branches.js';

type Payload = PayloadOf<typeof jobs.syncBranch>;
type Result = ResultOf<typeof jobs.syncBranch>;

/** Merges the production branch into another one. Safe to run twice: the second run finds nothing to merge. */
export class SyncBranchHandler implements JobHandler<typeof jobs.syncBranch> {
  constructor(
    private readonly writes: InteractiveWrites,
    private readonly updates: BranchUpdates,
  ) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<Result> {
    const request = { ...payload, isRerun, optional: FOR_WORKFLOWS };
    return this.writes.run(request, { contents: 'write' }, (access) => this.merge(access, payload));
  }

  private async merge(access: ActorAccess, payload: Payload): Promise<Result> {
    const { name: branch, from, actor } = payload;
    const [before, head] = [await headOf(access, branch), await headOf(access, from)];
    if (before === null) throw new NotFoundError(`The server has no branch "${branch}".`);
    if (head === null) throw new NotFoundError(`The server has no branch "${from}".`);
    const message = commitMessage(`Merge branch '${from}' into ${branch}`, access.identity.kind, actor);
    try {
      // By commit id, because a tag may have the same name as the branch.
      const merged = await mergeBranch(access.client, { ...access.name, base: branch, head, message });
      if (!merged) return { outcome: 'up-to-date', commit: before };
      await this.updates.record(access, branch, { before: merged.parents[0]?.sha ?? before, after: merged.sha });
      return { outcome: 'merged', commit: merged.sha };
    } catch (error) {
      throw await explainRejection(error, access, payload, [before, head]);
    }
  }
}

async function explainRejection(
  error: unknown,
  access: ActorAccess,
  { name: branch, from }: Payload,
  sides: readonly [string, string],
): Promise<unknown> {
  if (!(error instanceof GhesError) || error.code !== 'ghes-conflict') {
    return explainBranchRejection(error, access, branch);
  }
  const files = await changedOnBoth(access, sides);
  const list = files.length > 0 ? ` Changed on both: ${files.join(', ')}.` : '';
  const message = `"${from}" cannot be merged into "${branch}" automatically.${list} Nothing was written: resolve the conflict in a clone, or in a pull request on the server.`;
  return new ConflictError(message, { cause: error });
}

const MAX_LISTED_FILES = 10;

/** The server does not report which files conflict; they are among those that changed on both sides. */
async function changedOnBoth(
  { client, name }: ActorAccess,
  [ours, theirs]: readonly [string, string],
): Promise<string[]> {
  const changedFiles = async (base: string, head: string) =>
    ((await compareCommits(client, { ...name, base, head })).files ?? []).map(({ filename }) => filename);
  const changedByThem = new Set(await changedFiles(ours, theirs));
  return (await changedFiles(theirs, ours)).filter((file) => changedByThem.has(file)).slice(0, MAX_LISTED_FILES);
}
