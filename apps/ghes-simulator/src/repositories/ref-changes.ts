import type { BareRepository, Ref } from '../git/bare-repository.js';
import { zeroId } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { followBranches } from '../pulls/followed-branches.js';
import type { Account, Repository } from '../state/model.js';
import { pushPayload, type PushContext, type RefChange } from '../webhooks/push-payload.js';
import { sendRepositoryEvent } from '../webhooks/repository-events.js';
import { gitOf } from './repositories.js';

/** As on GHES, a push of more tags or branches than this sends no events for them. */
const MOST_TAGS = 3;
const MOST_BRANCHES = 5000;

/**
 * Runs a ref update (a push, a merge) under the repository's lock, then sends the events of the refs that moved. The
 * refs before and after are compared, so events describe exactly what was done.
 */
export async function changingRefs<T>(
  ghes: Ghes,
  repository: Repository,
  pusher: Account,
  work: (git: BareRepository) => Promise<T>,
): Promise<T> {
  const git = gitOf(ghes, repository);
  return ghes.git.exclusively(git, async () => {
    const before = await git.refs('refs/heads', 'refs/tags');
    try {
      return await work(git);
    } finally {
      await announce(ghes, repository, pusher, before, await git.refs('refs/heads', 'refs/tags'));
    }
  });
}

export function compareRefs(before: readonly Ref[], after: readonly Ref[]): RefChange[] {
  const old = new Map(before.map(({ name, sha }) => [name, sha]));
  const current = new Map(after.map(({ name, sha }) => [name, sha]));
  return [...new Set([...old.keys(), ...current.keys()])]
    .map((name) => ({ name, before: old.get(name) ?? zeroId, after: current.get(name) ?? zeroId }))
    .filter((change) => change.before !== change.after);
}

async function announce(
  ghes: Ghes,
  repository: Repository,
  pusher: Account,
  before: readonly Ref[],
  after: readonly Ref[],
): Promise<void> {
  const changes = compareRefs(before, after);
  if (changes.length === 0) return;
  const git = gitOf(ghes, repository);
  await adoptDefaultBranch(ghes, repository, git, after);
  ghes.store.change(() => (repository.pushedAt = ghes.clock.timestamp()));
  const context: PushContext = {
    repository,
    git,
    pusher,
    existingHeads: before.filter(({ name }) => name.startsWith('refs/heads/')).map(({ sha }) => sha),
    refsAt: (sha) => after.filter((ref) => ref.sha === sha).map((ref) => ref.name),
  };
  for (const change of announced(changes)) await sendRefEvents(ghes, change, context);
  await followBranches(ghes, repository, git, changes, pusher);
}

function announced(changes: readonly RefChange[]): RefChange[] {
  const branches = changes.filter(({ name }) => name.startsWith('refs/heads/'));
  const tags = changes.filter(({ name }) => name.startsWith('refs/tags/'));
  return [...(branches.length > MOST_BRANCHES ? [] : branches), ...(tags.length > MOST_TAGS ? [] : tags)];
}

async function sendRefEvents(ghes: Ghes, change: RefChange, context: PushContext): Promise<void> {
  const { repository, pusher: sender } = context;
  const push = await pushPayload(ghes, change, context);
  const event = change.before === zeroId ? 'create' : change.after === zeroId ? 'delete' : undefined;
  if (event) {
    const [, kind, ...name] = change.name.split('/');
    const payload = {
      ref: name.join('/'),
      ref_type: kind === 'tags' ? 'tag' : 'branch',
      full_ref: change.name,
      ...(event === 'create' ? { master_branch: repository.defaultBranch, description: repository.description } : {}),
      pusher_type: 'user',
    };
    sendRepositoryEvent(ghes, { event, repository, sender, payload });
  }
  sendRepositoryEvent(ghes, { event: 'push', repository, sender, payload: push });
}

/** The first branch pushed into an empty repository becomes its default branch. */
async function adoptDefaultBranch(
  ghes: Ghes,
  repository: Repository,
  git: BareRepository,
  refs: readonly Ref[],
): Promise<void> {
  const branches = refs.filter(({ name }) => name.startsWith('refs/heads/')).map(({ name }) => name.slice(11));
  const [first] = branches;
  if (repository.pushedAt !== null || first === undefined || branches.includes(repository.defaultBranch)) return;
  await git.setHead(first);
  ghes.store.change(() => (repository.defaultBranch = first));
}
