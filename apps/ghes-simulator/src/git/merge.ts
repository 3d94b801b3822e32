import type { BareRepository } from './bare-repository.js';
import { readCommit, readCommits, type CommitObject } from './commit-object.js';
import { GitError } from './git.error.js';
import { commitsBetween } from './history.js';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

export interface MergeRequest {
  readonly base: string;
  readonly head: string;
  readonly method: MergeMethod;
  readonly message: string;
  readonly author: GitIdentity;
  readonly committer: GitIdentity;
  readonly date: Date;
}

/** The tree of a three-way merge; undefined on a conflict. */
export async function mergeTree(repository: BareRepository, ours: string, theirs: string): Promise<string | undefined> {
  try {
    return (await repository.text(['merge-tree', '--write-tree', ours, theirs])).split('\n')[0];
  } catch (error) {
    if (error instanceof GitError && error.exitCode === 1) return undefined;
    throw error;
  }
}

/** Creates the commit that merges `head` into `base`; undefined on a conflict. Moves no branch. */
export async function createMerge(repository: BareRepository, request: MergeRequest): Promise<string | undefined> {
  if (request.method === 'rebase') return rebase(repository, request);
  const tree = await mergeTree(repository, request.base, request.head);
  if (tree === undefined) return undefined;
  const parents = request.method === 'merge' ? [request.base, request.head] : [request.base];
  return commitTree(repository, tree, parents, request);
}

async function rebase(repository: BareRepository, request: MergeRequest): Promise<string | undefined> {
  const commits = await readCommits(
    repository,
    await commitsBetween(repository, request.head, [request.base], Number.MAX_SAFE_INTEGER),
  );
  let tip = request.base;
  for (const commit of commits.filter((item) => item.parents.length < 2)) {
    const tree = await cherryPick(repository, tip, commit, request);
    if (tree === undefined) return undefined;
    const date = `${commit.author.seconds} ${commit.author.zone}`;
    tip = await commitTree(
      repository,
      tree,
      [tip],
      { ...request, message: commit.message, author: commit.author },
      date,
    );
  }
  return tip;
}

/**
 * Git 2.38 has no `merge-tree --merge-base` (2.40 has). A temporary commit with the target's tree and the picked
 * commit's parent makes Git choose that parent as the merge base.
 */
async function cherryPick(
  repository: BareRepository,
  onto: string,
  commit: CommitObject,
  request: MergeRequest,
): Promise<string | undefined> {
  const { tree } = await readCommit(repository, onto);
  const base = await commitTree(repository, tree, commit.parents, { ...request, message: 'rebase' });
  return mergeTree(repository, base, commit.sha);
}

async function commitTree(
  repository: BareRepository,
  tree: string,
  parents: readonly string[],
  { author, committer, date, message }: Pick<MergeRequest, 'author' | 'committer' | 'date' | 'message'>,
  authorDate?: string,
): Promise<string> {
  const now = `${Math.floor(date.getTime() / 1000)} +0000`;
  const output = await repository.run(
    ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])],
    `${message.trimEnd()}\n`,
    {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: authorDate ?? now,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: now,
    },
  );
  return output.toString('utf8').trim();
}
