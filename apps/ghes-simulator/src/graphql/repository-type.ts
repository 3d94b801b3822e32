import { requireRepository } from '../access/authorize.js';
import { mergeTree } from '../git/merge.js';
import type { Ghes } from '../ghes.js';
import { fullName, htmlUrl } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { ApiError } from '../rest/api.error.js';
import { accountById, findPullRequest, repositoryById } from '../state/lookup.js';
import type { PullRequest, Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { gitTypes } from './git-types.js';
import type { GraphqlContext } from './graphql-context.js';

interface PageArguments {
  readonly first?: number;
  readonly after?: string | null;
}

/** Resolves `repository(owner, name)`. @throws ApiError 404 with the message of GraphQL */
export function repositoryField({ owner, name }: { owner: string; name: string }, { ghes, actor }: GraphqlContext) {
  let repository: Repository;
  try {
    repository = requireRepository(ghes, actor, { owner, repo: name }, 'contents', 'read');
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    throw new ApiError(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`);
  }
  return repositoryType(ghes, repository);
}

export function repositoryType(ghes: Ghes, repository: Repository) {
  const git = gitOf(ghes, repository);
  const full = fullName(ghes, repository);
  const refs = async (prefix: string) =>
    (await git.refs(prefix.replace(/\/$/, ''))).map((ref) => gitTypes.refType(ghes, repository, ref));
  const ref = async (qualifiedName: string) => {
    const names = [qualifiedName, `refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`];
    const ref = (await git.refs('refs')).find(({ name }) => names.includes(name));
    return ref ? gitTypes.refType(ghes, repository, ref) : null;
  };
  return {
    __typename: 'Repository',
    id: nodeId('Repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: full,
    url: htmlUrl(ghes, `/${full}`),
    description: repository.description,
    isPrivate: repository.private,
    isFork: repository.forkOf !== undefined,
    isArchived: repository.archived === true,
    isEmpty: repository.pushedAt === null,
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
    owner: gitTypes.accountType(ghes, accountById(ghes.store, repository.ownerId)),
    defaultBranchRef: () => ref(`refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) => ref(qualifiedName),
    refs: async ({ refPrefix, ...page }: PageArguments & { refPrefix: string }) =>
      gitTypes.connection(await refs(refPrefix), page),
    object: ({ expression, oid }: { expression?: string; oid?: string }) =>
      oid === undefined
        ? gitTypes.expressionType(ghes, repository, expression ?? 'HEAD')
        : gitTypes.objectType(ghes, repository, oid),
    pullRequest: ({ number }: { number: number }) => {
      const pull = findPullRequest(ghes.store, repository, number);
      if (!pull) throw new ApiError(404, `Could not resolve to a PullRequest with the number of ${number}.`);
      return pullRequestType(ghes, repository, pull);
    },
    pullRequests: ({ states, ...page }: PageArguments & { states?: string[] }) =>
      gitTypes.connection(
        ghes.store.state.pullRequests
          .filter((pull) => pull.repositoryId === repository.id)
          .filter((pull) => !states || states.includes(stateOf(pull)))
          .map((pull) => pullRequestType(ghes, repository, pull)),
        page,
      ),
  };
}

/** Resolves `node(id)` for pull requests. @throws ApiError 404 if the caller cannot see it */
export function nodeField({ id }: { id: string }, { ghes, actor }: GraphqlContext) {
  const pull = ghes.store.state.pullRequests.find((item) => nodeId('PullRequest', item.id) === id);
  if (!pull) throw new ApiError(404, `Could not resolve to a node with the global id of '${id}'`);
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const { login: owner } = accountById(ghes.store, repository.ownerId);
  requireRepository(ghes, actor, { owner, repo: repository.name }, 'pull_requests', 'read');
  return pullRequestType(ghes, repository, pull);
}

function stateOf(pull: PullRequest): 'OPEN' | 'CLOSED' | 'MERGED' {
  if (pull.mergedAt !== null) return 'MERGED';
  return pull.state === 'open' ? 'OPEN' : 'CLOSED';
}

function pullRequestType(ghes: Ghes, repository: Repository, pull: PullRequest) {
  return {
    __typename: 'PullRequest',
    id: nodeId('PullRequest', pull.id),
    databaseId: pull.id,
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    state: stateOf(pull),
    isDraft: pull.draft,
    url: htmlUrl(ghes, `/${fullName(ghes, repository)}/pull/${pull.number}`),
    author: gitTypes.accountType(ghes, accountById(ghes.store, pull.userId)),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
    closedAt: pull.closedAt,
    mergedAt: pull.mergedAt,
    merged: pull.mergedAt !== null,
    mergeCommit: () =>
      pull.mergedAt === null ? null : gitTypes.objectType(ghes, repository, pull.mergeCommitSha ?? ''),
    closed: pull.state === 'closed',
    mergeable: async () => {
      if (pull.state !== 'open') return 'UNKNOWN';
      const tree = await mergeTree(gitOf(ghes, repository), pull.baseSha, pull.headSha);
      return tree === undefined ? 'CONFLICTING' : 'MERGEABLE';
    },
  };
}
