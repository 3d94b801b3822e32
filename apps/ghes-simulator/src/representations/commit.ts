import { utcTime, type CommitObject, type Signature } from '../git/commit-object.js';
import type { Ghes } from '../ghes.js';
import type { Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { simpleUser } from './account.js';
import { apiUrl, fullName, htmlUrl } from './urls.js';

const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

function identityJson(signature: Signature) {
  return { name: signature.name, email: signature.email, date: utcTime(signature) };
}

/** A commit of the Git database API. */
export function gitCommitJson(ghes: Ghes, repository: Repository, commit: CommitObject) {
  const name = fullName(ghes, repository);
  const api = apiUrl(ghes, `/repos/${name}/git`);
  const page = htmlUrl(ghes, `/${name}/commit`);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', `${repository.id}:${commit.sha}`),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: identityJson(commit.author),
    committer: identityJson(commit.committer),
    tree: { sha: commit.tree, url: `${api}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${page}/${sha}` })),
    verification: UNSIGNED,
  };
}

/** A commit of the repository API, with the accounts of its author and committer. */
export function commitJson(ghes: Ghes, repository: Repository, commit: CommitObject) {
  const git = gitCommitJson(ghes, repository, commit);
  const url = apiUrl(ghes, `/repos/${fullName(ghes, repository)}/commits`);
  const { author, committer, message, tree, verification } = git;
  return {
    url: `${url}/${commit.sha}`,
    sha: commit.sha,
    node_id: git.node_id,
    html_url: git.html_url,
    comments_url: `${url}/${commit.sha}/comments`,
    commit: { url: git.url, author, committer, message, tree, comment_count: 0, verification },
    author: accountOf(ghes, commit.author),
    committer: accountOf(ghes, commit.committer),
    parents: git.parents.map((parent) => ({ ...parent, url: `${url}/${parent.sha}` })),
  };
}

function accountOf(ghes: Ghes, { email }: Signature) {
  const login = /^(.+)@users\.noreply\./.exec(email)?.[1];
  const account = ghes.store.state.accounts.find((item) => item.login === login);
  return account ? simpleUser(ghes, account) : null;
}
