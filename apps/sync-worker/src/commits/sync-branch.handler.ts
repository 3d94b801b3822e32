import { ConflictError, NotFoundError } from '@reunite/contracts';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { compareCommits, GhesError, mergeBranch } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { branchRefusal, headOf } from './branch-writes.js';
import { commitMessage } from './commit-message.rules.js';
import type { RepositoryWrites, WriteAccess } from './repository-writes.js';

type Payload = PayloadOf<typeof jobs.syncBranch>;

/** Merges production's branch into another one. Run again, there is nothing left to merge. */
export class SyncBranchHandler implements JobHandler<typeof jobs.syncBranch> {
  constructor(private readonly writes: RepositoryWrites) {}

  handle(payload: Payload, { isRerun }: JobRun): Promise<ResultOf<typeof jobs.syncBranch>> {
    return this.writes.act({ ...payload, isRerun }, async (access) => {
      const { name: branch, from, actor } = payload;
      const [before, head] = [await headOf(access, branch), await headOf(access, from)];
      if (before === null) throw new NotFoundError(`The server has no branch "${branch}".`);
      if (head === null) throw new NotFoundError(`The server has no branch "${from}".`);
      const message = commitMessage(`Merge branch '${from}' into ${branch}`, access.as, actor);
      try {
        // By its id: a tag may have the branch's name.
        const merged = await mergeBranch(access.client, { ...access.name, base: branch, head, message });
        if (!merged) return { outcome: 'up-to-date', commit: before };
        await access.moved(branch, { before: merged.parents[0]?.sha ?? before, after: merged.sha });
        return { outcome: 'merged', commit: merged.sha };
      } catch (error) {
        throw await refusal(error, access, payload, [before, head]);
      }
    });
  }
}

async function refusal(
  error: unknown,
  access: WriteAccess,
  { name: branch, from }: Payload,
  sides: readonly [string, string],
): Promise<unknown> {
  if (!(error instanceof GhesError) || error.code !== 'ghes-conflict') return branchRefusal(error, access, branch);
  const files = await changedOnBoth(access, sides);
  const named = files.length > 0 ? ` Changed on both: ${files.join(', ')}.` : '';
  const message = `"${from}" does not merge into "${branch}" by itself.${named} Nothing was written: resolve the conflict in a clone, or in a pull request on the server.`;
  return new ConflictError(message, { cause: error });
}

const NAMED_FILES = 10;

/** The server does not say which files conflict; they are among those that both sides changed. */
async function changedOnBoth(
  { client, name }: WriteAccess,
  [ours, theirs]: readonly [string, string],
): Promise<string[]> {
  const files = async (base: string, head: string) =>
    ((await compareCommits(client, { ...name, base, head })).files ?? []).map(({ filename }) => filename);
  const there = new Set(await files(ours, theirs));
  return (await files(theirs, ours)).filter((file) => there.has(file)).slice(0, NAMED_FILES);
}
