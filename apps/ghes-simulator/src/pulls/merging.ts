import { createMerge, type MergeMethod } from '../git/merge.js';
import type { Ghes } from '../ghes.js';
import { unmetRequirements } from '../protection/protection.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { ApiError } from '../rest/api.error.js';
import { accountById, repositoryById } from '../state/lookup.js';
import type { Account, PullRequest } from '../state/model.js';
import { sendPullRequest } from './pull-request-events.js';

export interface MergeOptions {
  readonly method: MergeMethod;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** Expected head commit. */
  readonly sha?: string | undefined;
}

const notMergeable = () => new ApiError(405, 'Pull Request is not mergeable');

/**
 * Merges with Git, moves the base branch, and sends `push` and `pull_request.closed`.
 *
 * @throws ApiError 405 on a conflict, a draft or a closed pull request; 409 if the head is not `sha`
 */
export async function mergePullRequest(
  ghes: Ghes,
  pull: PullRequest,
  user: Account,
  options: MergeOptions,
): Promise<string> {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const sha = await changingRefs(ghes, repository, user, async (git) => {
    if (pull.state !== 'open' || pull.draft) throw notMergeable();
    if (options.sha !== undefined && options.sha !== pull.headSha) {
      throw new ApiError(409, 'Head branch was modified. Review and try the merge again.');
    }
    const unmet = unmetRequirements(ghes, pull);
    if (unmet.length > 0) throw new ApiError(405, unmet.join(' '));
    const base = await git.resolve(`heads/${pull.baseRef}`);
    if (base === undefined) throw notMergeable();
    const merge = await createMerge(git, { base, head: pull.headSha, ...mergeWords(ghes, pull, user, options) });
    if (merge === undefined) throw notMergeable();
    await git.updateRefs([{ name: `refs/heads/${pull.baseRef}`, to: merge, from: base }]);
    const now = ghes.clock.timestamp();
    ghes.store.change(() => {
      Object.assign(pull, { state: 'closed', closedAt: now, updatedAt: now, mergedAt: now });
      Object.assign(pull, { mergedById: user.id, mergeCommitSha: merge, baseSha: base });
    });
    return merge;
  });
  await sendPullRequest(ghes, pull, 'closed', user);
  return sha;
}

function mergeWords(ghes: Ghes, pull: PullRequest, user: Account, { method, title, message }: MergeOptions) {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const { hostname } = new URL(ghes.settings.publicUrl);
  const owner = accountById(ghes.store, repository.ownerId).login;
  const merging = `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
  const words = {
    merge: { subject: merging, text: pull.title },
    squash: { subject: `${pull.title} (#${pull.number})`, text: pull.body ?? '' },
    rebase: { subject: '', text: '' },
  }[method];
  return {
    method,
    message: [title ?? words.subject, message ?? words.text].filter(Boolean).join('\n\n'),
    author: { name: user.name, email: `${user.login}@users.noreply.${hostname}` },
    committer: { name: 'GitHub Enterprise', email: `noreply@${hostname}` },
    date: ghes.clock.now(),
  };
}
