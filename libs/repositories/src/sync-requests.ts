import type { EntityManager } from 'typeorm';
import type { TrackedRef } from './desired-state.js';
import type { DesiredState } from './push.rules.js';

interface StoredRef extends TrackedRef, DesiredState {
  readonly id: string;
}

/**
 * The requests of one unit of work to sync existing refs, of any number of repositories. The refs are read with one
 * statement and written with another, so that neither depends on the number of refs.
 */
export class SyncRequests {
  private readonly refs: ReadonlyMap<string, StoredRef>;
  /** Refs with a request that is not written yet. */
  private readonly added = new Set<string>();
  /** Refs with a request of this unit of work. */
  private readonly requested = new Set<string>();

  private constructor(rows: readonly StoredRef[]) {
    this.refs = new Map(rows.map((row) => [keyOf(row), row]));
  }

  /** Reads the refs that exist. They are not locked, see `readDesiredState`. */
  static async read(db: EntityManager, refs: readonly TrackedRef[]): Promise<SyncRequests> {
    if (refs.length === 0) return new SyncRequests([]);
    const rows = await db.query<StoredRef[]>(
      `SELECT git_ref.id, repository_id AS "repositoryId", git_ref.name, wanted_commit AS commit, wanted_deleted AS deleted,
              generation > greatest(asked_generation, synced_generation) AND error IS NULL AS requested
         FROM git_ref JOIN unnest($1::text[], $2::text[]) AS wanted (repository, ref)
           ON repository_id = wanted.repository AND git_ref.name = wanted.ref`,
      [refs.map(({ repositoryId }) => repositoryId), refs.map(({ name }) => name)],
    );
    return new SyncRequests(rows);
  }

  /** The desired state of a ref, as it will be once the requests are written. Null if the ref was not read. */
  stateOf(ref: TrackedRef): DesiredState | null {
    const key = keyOf(ref);
    if (this.requested.has(key)) return { commit: null, deleted: false, requested: true };
    return this.refs.get(key) ?? null;
  }

  /** Requests a sync as `requestSync` does, once the requests are written. @returns the ref's id; null if it was not read */
  add(ref: TrackedRef): string | null {
    const key = keyOf(ref);
    const stored = this.refs.get(key);
    if (!stored) return null;
    this.requested.add(key);
    this.added.add(stored.id);
    return stored.id;
  }

  /**
   * Writes the requests, in the order of ids: units of work that share refs wait for each other instead of deadlocking.
   *
   * @throws Error if a ref was deleted meanwhile; the unit of work must be repeated
   */
  async write(db: EntityManager): Promise<void> {
    if (this.added.size === 0) return;
    const [, written] = await db.query<[unknown[], number]>(
      `UPDATE git_ref SET generation = generation + 1, wanted_commit = NULL, wanted_deleted = false, updated_at = now()
         FROM (SELECT id FROM git_ref WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE) AS locked
        WHERE git_ref.id = locked.id`,
      [[...this.added]],
    );
    if (written < this.added.size) throw new Error('A ref was deleted while its sync was requested.');
    this.added.clear();
  }
}

function keyOf({ repositoryId, name }: TrackedRef): string {
  return `${repositoryId} ${name}`;
}
