import { fetchRequest, readPackfile } from '@reunite/git-objects';
import type { FetchOptions } from '@reunite/git-objects';
import type { FileChanges, GitServer } from '@reunite/testing';

/** Adds a commit to `main` for each set of changes. @returns the commits, oldest first */
export function commitEach(git: GitServer, changes: readonly FileChanges[]): string[] {
  return changes.map((files) => git.push('main', files).after);
}

/** Returns the pack of one protocol v2 fetch. */
export async function fetchPack(git: GitServer, options: FetchOptions): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of readPackfile([await git.uploadPack(fetchRequest({ depth: 1, ...options }))]))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Returns a thin pack of the changes since a stored commit, as a sync requests it. */
export function fetchSince(git: GitServer, have: string, want: string): Promise<Buffer> {
  return fetchPack(git, { wants: [want], haves: [have], shallow: [have] });
}

/** Returns a pack of exactly these objects. */
export function packOf(git: GitServer, ids: readonly string[]): Buffer {
  return git.run(['pack-objects', '--stdout', '-q', '--window=0'], ids.map((id) => `${id}\n`).join(''));
}
