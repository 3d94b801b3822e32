import type { RepositoryObjects } from '@reunite/content-store';
import type { EntityManager } from 'typeorm';
import { syncContent } from './content-sync.js';
import type { RemoteGit } from './remote-git.js';

/** Number of snapshots offered as `have`, besides the ref's own. A new branch mostly starts from one of them. */
const OTHER_SNAPSHOTS = 5;

/** Returns the commits whose snapshots a fetch of the ref offers as `have`: its own, and the newest of other refs. */
export async function haveCommits(db: EntityManager, repositoryId: string, refName: string): Promise<string[]> {
  const rows = await db.query<{ commit: string }[]>(
    `SELECT synced_commit AS commit FROM git_ref WHERE repository_id = $1 AND synced_commit IS NOT NULL
     ORDER BY name <> $2, synced_at DESC LIMIT $3`,
    [repositoryId, refName, OTHER_SNAPSHOTS + 1],
  );
  return rows.map(({ commit }) => commit);
}

export interface SnapshotRequest {
  readonly repositoryId: string;
  /** The ref to look at if the server no longer has the commit. */
  readonly refName: string;
  readonly commit: string;
}

/**
 * Stores the snapshot of a commit, fetching it if necessary.
 *
 * @param remote null to use only what is stored
 * @returns the commit's tree, or null if the commit is neither stored nor fetchable
 */
export async function fetchSnapshot(
  db: EntityManager,
  objects: RepositoryObjects,
  remote: RemoteGit | null,
  { repositoryId, refName, commit }: SnapshotRequest,
): Promise<string | null> {
  if (await objects.hasSnapshot(commit)) return (await objects.readCommit(commit)).tree;
  if (!remote) return null;
  const have = await haveCommits(db, repositoryId, refName);
  const outcome = await syncContent(remote, objects, { refName, desiredCommit: commit, have });
  return outcome.kind === 'synced' && outcome.commit === commit ? outcome.tree : null;
}
