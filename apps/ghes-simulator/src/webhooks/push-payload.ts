import type { BareRepository } from '../git/bare-repository.js';
import { readCommits, zonedTime, type CommitObject, type Signature } from '../git/commit-object.js';
import { changedPaths, commitsBetween, isAncestor } from '../git/history.js';
import { zeroId } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { repositoryJson } from '../representations/repository.js';
import { accountById } from '../state/lookup.js';
import type { Account, Repository } from '../state/model.js';

/** A moved ref. The zero id stands for a ref that did not exist before, or does not exist after. */
export interface RefChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface PushContext {
  readonly repository: Repository;
  readonly git: BareRepository;
  readonly pusher: Account;
  /** Heads of the other branches before the push: their commits are not new. */
  readonly existingHeads: readonly string[];
  /** Full names of the refs that point to a commit now. */
  readonly refsAt: (sha: string) => string[];
}

/** Commits in a payload; a push may contain more. */
const MOST_COMMITS = 2048;

/** The part of a `push` payload that describes the change. */
export async function pushPayload(
  ghes: Ghes,
  change: RefChange,
  context: PushContext,
): Promise<Record<string, unknown>> {
  const { repository, git, pusher } = context;
  const page = repositoryJson(ghes, repository).html_url;
  const created = change.before === zeroId;
  const deleted = change.after === zeroId;
  const head = deleted ? undefined : await git.resolve(change.after, 'commit');
  const previous = created ? undefined : await git.resolve(change.before, 'commit');
  const isBranch = change.name.startsWith('refs/heads/');
  const exclude = created ? context.existingHeads : [previous ?? change.before];
  const shas = head !== undefined && isBranch ? await commitsBetween(git, head, exclude, MOST_COMMITS) : [];
  const wanted = head === undefined || shas.includes(head) ? shas : [...shas, head];
  const commits = await readCommits(git, wanted);
  const paths = await changedPaths(git, commits);
  const list = commits.map((commit) => commitJson(commit, page, paths.get(commit.sha)));
  const forced = previous !== undefined && head !== undefined && !(await isAncestor(git, previous, head));
  const base = created && !deleted ? context.refsAt(change.after).find((name) => name !== change.name) : undefined;
  return {
    ref: change.name,
    before: change.before,
    after: change.after,
    repository: pushRepository(ghes, repository),
    pusher: { name: pusher.login, email: pusherEmail(ghes, pusher) },
    created,
    deleted,
    forced,
    base_ref: base ?? null,
    compare: compareUrl(page, change, created || deleted),
    commits: list.filter((commit) => shas.includes(commit.id)),
    head_commit: list.find((commit) => commit.id === head) ?? null,
  };
}

function compareUrl(page: string, { name, before, after }: RefChange, oneSided: boolean): string {
  const short = name.replace(/^refs\/(heads|tags)\//, '');
  return oneSided ? `${page}/compare/${short}` : `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`;
}

function commitJson(commit: CommitObject, page: string, paths: object = { added: [], removed: [], modified: [] }) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: zonedTime(commit.committer),
    url: `${page}/commit/${commit.sha}`,
    author: identityJson(commit.author),
    committer: identityJson(commit.committer),
    ...paths,
  };
}

function identityJson({ name, email }: Signature) {
  return { name, email };
}

function pusherEmail(ghes: Ghes, account: Account): string {
  return `${account.login}@users.noreply.${new URL(ghes.settings.publicUrl).hostname}`;
}

/** In `push` payloads only, times are in seconds, `url` is the page, and the owner has `name` and `email`. */
function pushRepository(ghes: Ghes, repository: Repository) {
  const json = repositoryJson(ghes, repository);
  const owner = accountById(ghes.store, repository.ownerId);
  const seconds = (timestamp: string) => Math.floor(new Date(timestamp).getTime() / 1000);
  return {
    ...json,
    url: json.html_url,
    owner: { name: owner.login, email: null, ...json.owner },
    created_at: seconds(json.created_at),
    pushed_at: seconds(json.pushed_at),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    ...(owner.type === 'Organization' ? { organization: owner.login } : {}),
  };
}
