import { requireRepository } from '../access/authorize.js';
import type { BareRepository } from '../git/bare-repository.js';
import { GitError } from '../git/git.error.js';
import { writeBlob, writeCommit, writeTree, type TreeChange } from '../git/tree-writer.js';
import { entryAt } from '../git/trees.js';
import type { Ghes } from '../ghes.js';
import { rejectDirectChange } from '../protection/protection.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { emailOf } from '../repositories/repositories.js';
import { fullName } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import { actingUser } from '../rest/pulls.js';
import type { Account, Repository } from '../state/model.js';
import { gitTypes } from './git-types.js';
import type { GraphqlContext } from './graphql-context.js';

interface Input {
  /** A branch by its node id, or by names. */
  readonly branch: { id?: string; repositoryNameWithOwner?: string; branchName?: string };
  readonly message: { headline: string; body?: string };
  readonly expectedHeadOid: string;
  readonly fileChanges?: { additions?: { path: string; contents: string }[]; deletions?: { path: string }[] };
  readonly clientMutationId?: string;
}

/**
 * Adds files (always with mode 100644) and deletes files, if the branch is at the expected commit.
 *
 * @throws ApiError 409 (STALE_DATA) if it is not, 422 for an invalid path
 */
export async function createCommitOnBranch({ input }: { input: Input }, { ghes, actor }: GraphqlContext) {
  const { nameWithOwner, name } = branchOf(ghes, input.branch);
  const [owner = '', repo = ''] = nameWithOwner.split('/');
  const repository = requireRepository(ghes, actor, { owner, repo }, 'contents', 'write');
  const user = actingUser(actor);
  const sha = await changingRefs(ghes, repository, user, async (git) => {
    const head = await git.resolve(name);
    if (head === undefined) throw new ApiError(404, `Branch "${name.slice(11)}" not found`);
    if (head !== input.expectedHeadOid) {
      throw new ApiError(
        409,
        `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`,
      );
    }
    rejectDirectChange(ghes, repository, name);
    const made = await commit(ghes, git, user, head, input);
    await git.updateRefs([{ name, to: made, from: head }]);
    return made;
  });
  return payload(ghes, repository, name, sha, input.clientMutationId);
}

/** https://docs.github.com/en/graphql/reference/input-objects#committablebranch */
function branchOf(ghes: Ghes, { id, repositoryNameWithOwner, branchName }: Input['branch']) {
  if (id === undefined) {
    const name = `refs/heads/${(branchName ?? '').replace(/^refs\/heads\//, '')}`;
    return { nameWithOwner: repositoryNameWithOwner ?? '', name };
  }
  const [, repositoryId, name = ''] = /^\d+:Ref(\d+):(refs\/heads\/.+)$/.exec(fromBase64(id)) ?? [];
  const repository = ghes.store.state.repositories.find((item) => String(item.id) === repositoryId);
  if (!repository) throw new ApiError(404, `Could not resolve to a node with the global id of '${id}'`);
  return { nameWithOwner: fullName(ghes, repository), name };
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

async function commit(ghes: Ghes, git: BareRepository, user: Account, head: string, input: Input): Promise<string> {
  const { additions = [], deletions = [] } = input.fileChanges ?? {};
  for (const { path } of deletions) {
    if (!(await entryAt(git, head, path)))
      throw new ApiError(422, `A path was requested for deletion which does not exist: ${path}`);
  }
  const added = additions.map(async ({ path, contents }): Promise<TreeChange> => ({
    path,
    mode: '100644',
    sha: await writeBlob(git, Buffer.from(contents, 'base64')),
  }));
  const removed = deletions.map(({ path }): TreeChange => ({ path, mode: '100644', sha: null }));
  const identity = { name: user.name, email: emailOf(ghes, user), date: ghes.clock.timestamp() };
  const { hostname } = new URL(ghes.settings.publicUrl);
  const committer = { name: 'GitHub Enterprise', email: `noreply@${hostname}`, date: identity.date };
  const { headline, body } = input.message;
  const message = body ? `${headline}\n\n${body}` : headline;
  try {
    const tree = await writeTree(git, head, [...removed, ...(await Promise.all(added))]);
    return await writeCommit(git, { tree, parents: [head], message, author: identity, committer });
  } catch (error) {
    if (error instanceof GitError) throw new ApiError(422, 'A path was requested which is not valid.');
    throw error;
  }
}

function payload(ghes: Ghes, repository: Repository, name: string, sha: string, clientMutationId: string | undefined) {
  return {
    clientMutationId: clientMutationId ?? null,
    commit: () => gitTypes.objectType(ghes, repository, sha),
    ref: gitTypes.refType(ghes, repository, { name, sha }),
  };
}
