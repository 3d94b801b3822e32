import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BareRepository } from './bare-repository.js';
import { zeroId } from './names.js';

/** The new entry at a path; without `sha` the path is deleted. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

/** Creates a tree from a base tree and changes, using a Git index. @throws GitError for an invalid path */
export async function writeTree(
  repository: BareRepository,
  base: string | undefined,
  changes: readonly TreeChange[],
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'ghes-simulator-index-'));
  const index = { GIT_INDEX_FILE: join(scratch, 'index') };
  const run = async (args: string[], input?: string) => (await repository.run(args, input, index)).toString('utf8');
  try {
    await run(base === undefined ? ['read-tree', '--empty'] : ['read-tree', base]);
    const entries = changes.filter(({ mode }) => mode !== '040000');
    const lines = entries.map(({ path, mode, sha }) => `${sha === null ? '0' : mode} ${sha ?? zeroId}\t${path}\0`);
    await run(['update-index', '-z', '--index-info'], lines.join(''));
    for (const { path, sha } of changes.filter(({ mode }) => mode === '040000')) {
      await run(['rm', '--cached', '-r', '--quiet', '--ignore-unmatch', '--', `:(literal)${path}`]);
      if (sha !== null) await run(['read-tree', `--prefix=${path}/`, sha]);
    }
    return (await run(['write-tree'])).trim();
  } finally {
    await rm(scratch, { recursive: true });
  }
}

export async function writeBlob(repository: BareRepository, content: Buffer): Promise<string> {
  return (await repository.run(['hash-object', '-w', '--stdin'], content)).toString('utf8').trim();
}

export interface DatedIdentity {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: DatedIdentity;
  readonly committer: DatedIdentity;
}

export async function writeCommit(
  repository: BareRepository,
  { tree, parents, message, author, committer }: NewCommit,
): Promise<string> {
  const seconds = (date: string) => `${Math.floor(new Date(date).getTime() / 1000)} +0000`;
  const output = await repository.run(['commit-tree', tree, ...parents.flatMap((sha) => ['-p', sha])], message, {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: seconds(author.date),
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: seconds(committer.date),
  });
  return output.toString('utf8').trim();
}
