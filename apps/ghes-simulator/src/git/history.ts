import type { BareRepository } from './bare-repository.js';
import { GitError } from './git.error.js';

export interface ChangedPaths {
  readonly added: string[];
  readonly removed: string[];
  readonly modified: string[];
}

/** Commits reachable from `include` and from none of `exclude`, oldest first, at most the newest `limit`. */
export async function commitsBetween(
  repository: BareRepository,
  include: string,
  exclude: readonly string[],
  limit = 2048,
): Promise<string[]> {
  const input = `${include}\n${exclude.map((sha) => `^${sha}\n`).join('')}`;
  const args = ['rev-list', '--topo-order', '--reverse', `--max-count=${limit}`, '--ignore-missing', '--stdin'];
  const output = await repository.text(args, input);
  return output === '' ? [] : output.split('\n');
}

/** Commits that changed a file or folder, newest first, at most `limit`. All commits if the path is empty. */
export async function commitsOfPath(
  repository: BareRepository,
  head: string,
  path: string,
  limit: number,
): Promise<string[]> {
  const listing = ['--literal-pathspecs', 'rev-list', '--topo-order', `--max-count=${limit}`, head];
  const output = await repository.text(path === '' ? listing : [...listing, '--', path]);
  return output === '' ? [] : output.split('\n');
}

export async function isAncestor(repository: BareRepository, ancestor: string, descendant: string): Promise<boolean> {
  try {
    await repository.run(['merge-base', '--is-ancestor', ancestor, descendant]);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

export async function mergeBase(repository: BareRepository, left: string, right: string): Promise<string | undefined> {
  try {
    return (await repository.text(['merge-base', left, right])).split('\n')[0];
  } catch (error) {
    if (error instanceof GitError && error.exitCode === 1) return undefined;
    throw error;
  }
}

/** Paths that each commit changed compared to its first parent, read with one Git process. */
export async function changedPaths(
  repository: BareRepository,
  commits: readonly { sha: string; parents: readonly string[] }[],
): Promise<Map<string, ChangedPaths>> {
  const result = new Map<string, ChangedPaths>();
  if (commits.length === 0) return result;
  const input = commits.map(({ sha, parents }) => `${[sha, ...parents.slice(0, 1)].join(' ')}\n`).join('');
  const args = ['diff-tree', '--stdin', '--root', '-r', '-z', '--no-renames', '--name-status', '--always'];
  const fields = (await repository.run(args, input)).toString('utf8').split('\0');
  let current: ChangedPaths | undefined;
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? '';
    if (/^[0-9a-f]{40}$/.test(field)) {
      current = { added: [], removed: [], modified: [] };
      result.set(field, current);
    } else if (field !== '' && current) {
      index += 1;
      const path = fields[index] ?? '';
      if (field === 'A') current.added.push(path);
      else if (field === 'D') current.removed.push(path);
      else current.modified.push(path);
    }
  }
  return result;
}

export interface DiffSize {
  readonly commits: number;
  readonly changedFiles: number;
  readonly additions: number;
  readonly deletions: number;
}

/** The changes of a pull request from `head` into `base`. */
export async function diffSize(repository: BareRepository, base: string, head: string): Promise<DiffSize> {
  const [count, ancestor] = await Promise.all([
    repository.text(['rev-list', '--count', head, `^${base}`]),
    mergeBase(repository, base, head),
  ]);
  const from = ancestor ?? (await repository.text(['hash-object', '-t', 'tree', '--stdin'], ''));
  const lines = (await repository.text(['diff-tree', '-r', '--numstat', from, head])).split('\n').filter(Boolean);
  const sum = (column: number) => lines.reduce((total, line) => total + (Number(line.split('\t')[column]) || 0), 0);
  return { commits: Number(count), changedFiles: lines.length, additions: sum(0), deletions: sum(1) };
}
