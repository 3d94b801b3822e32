import { createMerge } from '../git/merge.js';
import type { Ghes } from '../ghes.js';
import { bringIn } from '../repositories/forks.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { emailOf, gitOf } from '../repositories/repositories.js';
import { ApiError } from '../rest/api.error.js';
import { headRepositoryOf, repositoryById } from '../state/lookup.js';
import type { Account, PullRequest } from '../state/model.js';

/** Merges the base into the head branch. @throws ApiError 422 if the head moved, conflicts or is up to date */
export async function updateBranch(
  ghes: Ghes,
  pull: PullRequest,
  user: Account,
  expected: string | undefined,
): Promise<void> {
  const baseRepository = repositoryById(ghes.store, pull.repositoryId);
  const headRepository = repositoryById(ghes.store, headRepositoryOf(pull));
  const base = await gitOf(ghes, baseRepository).resolve(`heads/${pull.baseRef}`);
  if (base !== undefined) await bringIn(ghes, headRepository, baseRepository, base);
  await changingRefs(ghes, headRepository, user, async (git) => {
    if (expected !== undefined && expected !== pull.headSha) {
      throw new ApiError(422, `expected head sha didn’t match current head ref.`);
    }
    if (base === undefined || pull.state !== 'open')
      throw new ApiError(422, 'There are no new commits on the base branch.');
    const identity = { name: user.name, email: emailOf(ghes, user) };
    const made = await createMerge(git, {
      base: pull.headSha,
      head: base,
      method: 'merge',
      message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
      author: identity,
      committer: identity,
      date: ghes.clock.now(),
    });
    if (made === undefined) throw new ApiError(422, 'merge conflict between base and head');
    await git.updateRefs([{ name: `refs/heads/${pull.headRef}`, to: made, from: pull.headSha }]);
  });
}
