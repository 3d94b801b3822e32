import type { BareRepository } from './bare-repository.js';

export interface TreeEntry {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Bytes; blobs only. */
  readonly size?: number;
  readonly path: string;
}

export async function listTree(repository: BareRepository, tree: string, recursive = false): Promise<TreeEntry[]> {
  const args = ['ls-tree', '-z', '--long', ...(recursive ? ['-r', '-t'] : []), tree];
  return parseEntries((await repository.run(args)).toString('utf8'));
}

/** The entry at a path of a commit. The empty path is the root tree. */
export async function entryAt(
  repository: BareRepository,
  commit: string,
  path: string,
): Promise<TreeEntry | undefined> {
  if (path === '') {
    const sha = await repository.resolve(commit, 'tree');
    return sha === undefined ? undefined : { mode: '040000', type: 'tree', sha, path };
  }
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return undefined;
  const output = await repository.run(['--literal-pathspecs', 'ls-tree', '-z', '--long', commit, '--', path]);
  return parseEntries(output.toString('utf8')).find((entry) => entry.path === path);
}

export async function readBlob(repository: BareRepository, sha: string): Promise<Buffer> {
  return repository.run(['cat-file', 'blob', sha]);
}

function parseEntries(output: string): TreeEntry[] {
  return output
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      const entry: TreeEntry = { mode, type: type as TreeEntry['type'], sha, path: line.slice(tab + 1) };
      return size === '-' ? entry : { ...entry, size: Number(size) };
    });
}
