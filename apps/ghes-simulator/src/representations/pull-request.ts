import { diffSize } from '../git/history.js';
import { mergeTree } from '../git/merge.js';
import { unmetRequirements } from '../protection/protection.js';
import type { Ghes } from '../ghes.js';
import { gitOf } from '../repositories/repositories.js';
import { accountById, headRepositoryOf, repositoryById } from '../state/lookup.js';
import type { PullRequest } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { simpleUser } from './account.js';
import { repositoryJson } from './repository.js';
import { apiUrl, fullName, htmlUrl } from './urls.js';

/** "Pull request simple", the form of lists. */
export function pullRequestSimple(ghes: Ghes, pull: PullRequest) {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const name = fullName(ghes, repository);
  const api = apiUrl(ghes, `/repos/${name}`);
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const page = htmlUrl(ghes, `/${name}/pull/${pull.number}`);
  const statuses = `${api}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: simpleUser(ghes, accountById(ghes.store, pull.userId)),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: (pull.requestedReviewerIds ?? []).map((id) => simpleUser(ghes, accountById(ghes.store, id))),
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: side(ghes, headRepositoryOf(pull), pull.headRef, pull.headSha),
    base: side(ghes, pull.repositoryId, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: 'MEMBER',
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A full pull request, with its size and mergeability computed by Git. */
export async function pullRequestJson(ghes: Ghes, pull: PullRequest) {
  const git = gitOf(ghes, repositoryById(ghes.store, pull.repositoryId));
  const open = pull.state === 'open';
  const base = open ? ((await git.resolve(`heads/${pull.baseRef}`)) ?? pull.baseSha) : pull.baseSha;
  const [size, tree] = await Promise.all([
    diffSize(git, pull.baseSha, pull.headSha),
    open ? mergeTree(git, base, pull.headSha) : undefined,
  ]);
  const mergeable = open ? tree !== undefined : null;
  const mergedBy = pull.mergedById === null ? null : simpleUser(ghes, accountById(ghes.store, pull.mergedById));
  return {
    ...pullRequestSimple(ghes, pull),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : !mergeable ? 'dirty' : stateOfMergeable(ghes, pull),
    merged_by: mergedBy,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: size.commits,
    additions: size.additions,
    deletions: size.deletions,
    changed_files: size.changedFiles,
  };
}

function stateOfMergeable(ghes: Ghes, pull: PullRequest): string {
  if (pull.draft) return 'draft';
  return unmetRequirements(ghes, pull).length > 0 ? 'blocked' : 'clean';
}

function side(ghes: Ghes, repositoryId: number, ref: string, sha: string) {
  const repository = repositoryById(ghes.store, repositoryId);
  const owner = accountById(ghes.store, repository.ownerId);
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(ghes, owner),
    repo: repositoryJson(ghes, repository),
  };
}
