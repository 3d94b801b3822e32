import { actingAccount } from '../access/actor.js';
import type { Ref } from '../git/bare-repository.js';
import { readCommit, utcTime, type Signature } from '../git/commit-object.js';
import { entryAt, listTree, readBlob } from '../git/trees.js';
import type { Ghes } from '../ghes.js';
import { apiUrl, fullName, htmlUrl } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { requiresAuthentication } from '../rest/api.error.js';
import type { Account, Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import type { GraphqlContext } from './graphql-context.js';

/** GitHub truncates the text of a blob at this length. */
const LONGEST_TEXT = 512_000;

function accountType(ghes: Ghes, account: Account) {
  return {
    __typename: account.type,
    id: nodeId(account.type, account.id),
    databaseId: account.id,
    login: account.login,
    name: account.name,
    url: htmlUrl(ghes, `/${account.login}`),
  };
}

function viewer({ ghes, actor }: GraphqlContext) {
  const account = actingAccount(actor);
  if (!account) throw requiresAuthentication();
  // GraphQL represents an app by its bot user.
  return { ...accountType(ghes, account), __typename: 'User' };
}

/** The blob, tree or commit with this id, or null. */
async function objectType(ghes: Ghes, repository: Repository, sha: string) {
  const type = await gitOf(ghes, repository).typeOf(sha);
  if (type === undefined) return null;
  const name = fullName(ghes, repository);
  const common = {
    id: nodeId(type, `${repository.id}:${sha}`),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    commitUrl: htmlUrl(ghes, `/${name}/commit/${sha}`),
    commitResourcePath: `/${name}/commit/${sha}`,
    repository: { __typename: 'Repository', nameWithOwner: name },
  };
  if (type === 'blob') return { ...common, ...(await blobFields(ghes, repository, sha)) };
  if (type === 'tree') return { ...common, __typename: 'Tree', entries: () => treeEntries(ghes, repository, sha) };
  if (type === 'tag') return { ...common, __typename: 'Tag' };
  return { ...common, ...(await commitFields(ghes, repository, sha)) };
}

async function blobFields(ghes: Ghes, repository: Repository, sha: string) {
  const content = await readBlob(gitOf(ghes, repository), sha);
  const isBinary = content.includes(0);
  const text = isBinary ? null : content.toString('utf8').slice(0, LONGEST_TEXT);
  const isTruncated = !isBinary && content.length > LONGEST_TEXT;
  return { __typename: 'Blob', byteSize: content.length, isBinary, isTruncated, text };
}

async function treeEntries(ghes: Ghes, repository: Repository, sha: string) {
  const entries = await listTree(gitOf(ghes, repository), sha);
  return entries.map((entry) => ({
    name: entry.path,
    path: entry.path,
    mode: Number.parseInt(entry.mode, 8),
    type: entry.type,
    oid: entry.sha,
    size: entry.size ?? 0,
    object: () => (entry.type === 'commit' ? null : objectType(ghes, repository, entry.sha)),
  }));
}

async function commitFields(ghes: Ghes, repository: Repository, sha: string) {
  const commit = await readCommit(gitOf(ghes, repository), sha);
  const [headline = '', ...rest] = commit.message.split('\n');
  const actor = (who: Signature) => ({ name: who.name, email: who.email, date: utcTime(who) });
  return {
    __typename: 'Commit',
    url: htmlUrl(ghes, `/${fullName(ghes, repository)}/commit/${sha}`),
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    committedDate: utcTime(commit.committer),
    authoredDate: utcTime(commit.author),
    author: actor(commit.author),
    committer: actor(commit.committer),
    tree: () => objectType(ghes, repository, commit.tree),
    tarballUrl: apiUrl(ghes, `/repos/${fullName(ghes, repository)}/tarball/${sha}`),
    parents: async (): Promise<object> =>
      connection(await Promise.all(commit.parents.map((item) => objectType(ghes, repository, item)))),
  };
}

/** Resolves a revision without operators: `main:docs/index.md`, `heads/main` or an object id. */
async function expressionType(ghes: Ghes, repository: Repository, expression: string) {
  const git = gitOf(ghes, repository);
  const colon = expression.indexOf(':');
  const name = colon < 0 ? expression : expression.slice(0, colon);
  if (colon < 0 && (await git.typeOf(name)) !== undefined) return objectType(ghes, repository, name);
  const commit = await git.resolve(name);
  if (commit === undefined) return null;
  if (colon < 0) return objectType(ghes, repository, commit);
  const entry = await entryAt(git, commit, expression.slice(colon + 1));
  return entry && entry.type !== 'commit' ? objectType(ghes, repository, entry.sha) : null;
}

function refType(ghes: Ghes, repository: Repository, { name, sha }: Ref) {
  const [, kind = '', ...rest] = name.split('/');
  return {
    __typename: 'Ref',
    id: nodeId('Ref', `${repository.id}:${name}`),
    name: rest.join('/'),
    prefix: `refs/${kind}/`,
    target: () => objectType(ghes, repository, sha),
  };
}

/** A page of a list as a GraphQL connection. Cursors are positions in the list. */
function connection<T>(items: readonly T[], { first = 100, after }: { first?: number; after?: string | null } = {}) {
  const start = after ? Number(Buffer.from(after, 'base64').toString()) : 0;
  const nodes = items.slice(start, start + Math.min(first, 100));
  const cursor = (index: number) => Buffer.from(String(index)).toString('base64');
  const end = start + nodes.length;
  return {
    totalCount: items.length,
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursor(start + index + 1) })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length > 0 ? cursor(start + 1) : null,
      endCursor: nodes.length > 0 ? cursor(end) : null,
    },
  };
}

export const gitTypes = { accountType, viewer, objectType, expressionType, refType, connection };
