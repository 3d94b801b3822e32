import { isAncestor } from '../git/history.js';
import { isRefName } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { bringIn, forkOwnedBy } from '../repositories/forks.js';
import { gitOf } from '../repositories/repositories.js';
import { invalid } from '../rest/api.error.js';
import { accountById, headRepositoryOf, repositoryById } from '../state/lookup.js';
import type { Account, PullRequest, Repository } from '../state/model.js';
import { sendPullRequest } from './pull-request-events.js';

export interface NewPullRequest {
  readonly title: string;
  readonly body: string | null;
  /** A branch, or `owner:branch`. */
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
}

const fault = (field: string) => invalid([{ resource: 'PullRequest', field, code: 'invalid' }]);
const custom = (message: string) => invalid([{ resource: 'PullRequest', field: 'head', code: 'custom', message }]);

/** @throws ApiError 422 if a branch is missing, has no new commits, or already has an open pull request */
export async function openPullRequest(
  ghes: Ghes,
  repository: Repository,
  author: Account,
  wanted: NewPullRequest,
): Promise<PullRequest> {
  const git = gitOf(ghes, repository);
  const { login, headRef, from } = headOf(ghes, repository, wanted.head);
  const baseSha = isRefName(wanted.base) ? await git.resolve(`heads/${wanted.base}`) : undefined;
  const headSha = isRefName(headRef) && from ? await gitOf(ghes, from).resolve(`heads/${headRef}`) : undefined;
  if (baseSha === undefined) throw fault('base');
  if (headSha === undefined || from === undefined) throw fault('head');
  await bringIn(ghes, repository, from, headSha);
  const headRepositoryId = from.id;
  if (findOpen(ghes, repository, headRepositoryId, headRef, wanted.base))
    throw custom(`A pull request already exists for ${login}:${headRef}.`);
  if (await isAncestor(git, headSha, baseSha)) throw custom(`No commits between ${wanted.base} and ${headRef}`);
  const now = ghes.clock.timestamp();
  const pull: PullRequest = {
    id: ghes.store.nextId('pull_request'),
    number: repository.nextNumber,
    repositoryId: repository.id,
    userId: author.id,
    title: wanted.title,
    body: wanted.body,
    state: 'open',
    draft: wanted.draft,
    headRef,
    headSha,
    headRepositoryId,
    baseRef: wanted.base,
    baseSha,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
  };
  ghes.store.change((state) => {
    repository.nextNumber += 1;
    state.pullRequests.push(pull);
  });
  await git.updateRefs([{ name: `refs/pull/${pull.number}/head`, to: headSha }]);
  await sendPullRequest(ghes, pull, 'opened', author);
  return pull;
}

/** A branch of this repository, or `owner:branch` of a fork. */
function headOf(ghes: Ghes, repository: Repository, head: string) {
  const { login } = accountById(ghes.store, repository.ownerId);
  const [, owner = login, headRef = head] = /^([^:]+):(.+)$/.exec(head) ?? [];
  const own = owner.toLowerCase() === login.toLowerCase();
  return { login: owner, headRef, from: own ? repository : forkOwnedBy(ghes, repository, owner) };
}

function findOpen(
  ghes: Ghes,
  repository: Repository,
  headRepositoryId: number,
  head: string,
  base: string,
): PullRequest | undefined {
  return ghes.store.state.pullRequests.find(
    (pull) =>
      pull.repositoryId === repository.id &&
      pull.state === 'open' &&
      headRepositoryOf(pull) === headRepositoryId &&
      pull.headRef === head &&
      pull.baseRef === base,
  );
}

export interface PullRequestEdit {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly base?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
}

export async function editPullRequest(
  ghes: Ghes,
  pull: PullRequest,
  edit: PullRequestEdit,
  sender: Account,
): Promise<void> {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const git = gitOf(ghes, repository);
  const changes: Record<string, unknown> = {};
  if (edit.title !== undefined && edit.title !== pull.title) changes['title'] = { from: pull.title };
  if (edit.body !== undefined && edit.body !== pull.body) changes['body'] = { from: pull.body };
  let { baseSha } = pull;
  if (edit.base !== undefined && edit.base !== pull.baseRef) {
    const sha = isRefName(edit.base) ? await git.resolve(`heads/${edit.base}`) : undefined;
    if (sha === undefined) throw fault('base');
    changes['base'] = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    baseSha = sha;
  }
  if (Object.keys(changes).length > 0) {
    ghes.store.change(() => {
      pull.title = edit.title ?? pull.title;
      pull.body = edit.body === undefined ? pull.body : edit.body;
      pull.baseRef = edit.base ?? pull.baseRef;
      pull.baseSha = baseSha;
      pull.updatedAt = ghes.clock.timestamp();
    });
    await sendPullRequest(ghes, pull, 'edited', sender, { changes });
  }
  if (edit.state === 'closed' && pull.state === 'open') await closePullRequest(ghes, pull, sender);
  if (edit.state === 'open' && pull.state === 'closed') await reopenPullRequest(ghes, pull, sender);
}

export async function setDraft(ghes: Ghes, pull: PullRequest, draft: boolean, sender: Account): Promise<void> {
  if (pull.draft === draft) return;
  ghes.store.change(() => {
    pull.draft = draft;
    pull.updatedAt = ghes.clock.timestamp();
  });
  await sendPullRequest(ghes, pull, draft ? 'converted_to_draft' : 'ready_for_review', sender);
}

async function closePullRequest(ghes: Ghes, pull: PullRequest, sender: Account): Promise<void> {
  ghes.store.change(() => {
    pull.state = 'closed';
    pull.closedAt = pull.updatedAt = ghes.clock.timestamp();
  });
  await sendPullRequest(ghes, pull, 'closed', sender);
}

async function reopenPullRequest(ghes: Ghes, pull: PullRequest, sender: Account): Promise<void> {
  const from = repositoryById(ghes.store, headRepositoryOf(pull));
  const headSha = await gitOf(ghes, from).resolve(`heads/${pull.headRef}`);
  if (headSha === undefined || pull.mergedAt !== null) throw fault('state');
  ghes.store.change(() => {
    pull.state = 'open';
    pull.closedAt = null;
    pull.headSha = headSha;
    pull.updatedAt = ghes.clock.timestamp();
  });
  await sendPullRequest(ghes, pull, 'reopened', sender);
}
