import { createMerge } from '../git/merge.js';
import type { Ghes } from '../ghes.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { ApiError } from '../rest/api.error.js';
import { accountById, repositoryById } from '../state/lookup.js';
import type { PullRequest } from '../state/model.js';

/**
 * Creates the branch `gh-readonly-queue/BASE/pr-NUMBER-SHA` with the merge commit that the required contexts must pass
 * on.
 *
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
 *
 * @throws ApiError 405 if the pull request is closed or has conflicts
 */
export async function mergeInQueue(ghes: Ghes, pull: PullRequest): Promise<{ branch: string; sha: string }> {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const user = accountById(ghes.store, pull.userId);
  const identity = {
    name: user.name,
    email: `${user.login}@users.noreply.${new URL(ghes.settings.publicUrl).hostname}`,
  };
  return changingRefs(ghes, repository, user, async (git) => {
    const base = await git.resolve(`heads/${pull.baseRef}`);
    const message = `Merge pull request #${pull.number}\n\n${pull.title}`;
    const words = { method: 'merge', message, author: identity, committer: identity, date: ghes.clock.now() } as const;
    const sha =
      base === undefined || pull.state !== 'open'
        ? undefined
        : await createMerge(git, { base, head: pull.headSha, ...words });
    if (base === undefined || sha === undefined) throw new ApiError(405, 'Pull Request is not mergeable');
    const branch = `gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${base}`;
    await git.updateRefs([{ name: `refs/heads/${branch}`, to: sha }]);
    return { branch, sha };
  });
}
