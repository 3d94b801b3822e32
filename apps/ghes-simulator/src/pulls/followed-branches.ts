import type { BareRepository } from '../git/bare-repository.js';
import { isAncestor } from '../git/history.js';
import { zeroId } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { bringIn } from '../repositories/forks.js';
import { gitOf } from '../repositories/repositories.js';
import { headRepositoryOf, repositoryById } from '../state/lookup.js';
import type { Account, PullRequest, Repository } from '../state/model.js';
import type { RefChange } from '../webhooks/push-payload.js';
import { sendPullRequest } from './pull-request-events.js';

/** Updates open pull requests after refs moved: new heads, deleted branches, and heads that the base now contains. */
export async function followBranches(
  ghes: Ghes,
  repository: Repository,
  git: BareRepository,
  changes: readonly RefChange[],
  pusher: Account,
): Promise<void> {
  const moved = new Map(changes.map((change) => [change.name, change]));
  const open = ghes.store.state.pullRequests.filter(
    (pull) => pull.state === 'open' && [pull.repositoryId, headRepositoryOf(pull)].includes(repository.id),
  );
  for (const pull of open) {
    const own = pull.repositoryId === repository.id;
    const head = headRepositoryOf(pull) === repository.id ? moved.get(`refs/heads/${pull.headRef}`) : undefined;
    const base = own ? moved.get(`refs/heads/${pull.baseRef}`) : undefined;
    if (head && head.after !== zeroId) await synchronize(ghes, repository, pull, head, pusher);
    if (base && base.after !== zeroId && (await isAncestor(git, pull.headSha, base.after))) {
      await close(ghes, pull, pusher, base.after);
    } else if (head?.after === zeroId || base?.after === zeroId) await close(ghes, pull, pusher, undefined);
  }
}

async function synchronize(
  ghes: Ghes,
  from: Repository,
  pull: PullRequest,
  { before, after }: RefChange,
  pusher: Account,
): Promise<void> {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const git = gitOf(ghes, repository);
  await bringIn(ghes, repository, from, after);
  const base = await git.resolve(`heads/${pull.baseRef}`);
  ghes.store.change(() => {
    pull.headSha = after;
    pull.baseSha = base ?? pull.baseSha;
    pull.updatedAt = ghes.clock.timestamp();
  });
  await git.updateRefs([{ name: `refs/pull/${pull.number}/head`, to: after }]);
  await sendPullRequest(ghes, pull, 'synchronize', pusher, { before, after });
}

async function close(ghes: Ghes, pull: PullRequest, sender: Account, mergedAs: string | undefined): Promise<void> {
  const now = ghes.clock.timestamp();
  ghes.store.change(() => {
    pull.state = 'closed';
    pull.closedAt = pull.updatedAt = now;
    if (mergedAs !== undefined) {
      pull.mergedAt = now;
      pull.mergedById = sender.id;
      pull.mergeCommitSha = mergedAs;
    }
  });
  await sendPullRequest(ghes, pull, 'closed', sender);
}
