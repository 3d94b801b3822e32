import type { BareRepository } from './bare-repository.js';
import { zeroId } from './names.js';

export interface FileDiff {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** Starts at the first hunk; absent for binary files. */
  readonly patch?: string;
}

const STATUSES = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', T: 'changed' } as const;

/** The empty tree, which first commits are compared with. */
export async function emptyTree(repository: BareRepository): Promise<string> {
  return repository.text(['hash-object', '-t', 'tree', '--stdin'], '');
}

/** Files that differ between two commits or trees, with renames, in Git's order, at most `limit`. */
export async function diffFiles(
  repository: BareRepository,
  from: string,
  to: string,
  limit: number,
): Promise<FileDiff[]> {
  const options = ['diff-tree', '-r', '-M', '--no-color', '--full-index'];
  const [raw, numbers, patch] = await Promise.all([
    repository.run([...options, '-z', '--raw', from, to]),
    repository.run([...options, '-z', '--numstat', from, to]),
    repository.run([...options, '-p', from, to]),
  ]);
  const patches = patch
    .toString('utf8')
    .split(/^diff --git /m)
    .slice(1);
  const counts = parseNumbers(numbers.toString('utf8'));
  return parseRaw(raw.toString('utf8'))
    .slice(0, limit)
    .map((file, index) => {
      const hunks = /^@@ [\s\S]*/m.exec(patches[index] ?? '')?.[0].replace(/\n$/, '');
      const [additions = 0, deletions = 0] = counts[index] ?? [];
      return { ...file, additions, deletions, ...(hunks === undefined ? {} : { patch: hunks }) };
    });
}

function parseRaw(output: string): Omit<FileDiff, 'additions' | 'deletions'>[] {
  const fields = output.split('\0');
  const files = [];
  for (let index = 0; index + 1 < fields.length;) {
    const [, , before = '', after = '', letter = 'M'] = (fields[index] ?? '').split(' ');
    const renamed = letter.startsWith('R');
    const [first = '', second = ''] = fields.slice(index + 1, index + 3);
    const status = STATUSES[letter.charAt(0) as keyof typeof STATUSES];
    const sha = after === zeroId ? before : after;
    files.push({ path: renamed ? second : first, ...(renamed ? { previousPath: first } : {}), status, sha });
    index += renamed ? 3 : 2;
  }
  return files;
}

/** Git prints `-` for binary files, which count as 0. */
function parseNumbers(output: string): [number, number][] {
  const fields = output.split('\0');
  const counts: [number, number][] = [];
  for (let index = 0; index + 1 < fields.length;) {
    const [added, deleted, path] = (fields[index] ?? '').split('\t');
    counts.push([Number(added) || 0, Number(deleted) || 0]);
    index += path === '' ? 3 : 1;
  }
  return counts;
}
