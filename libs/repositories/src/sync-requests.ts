import { jobs, newId } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import type { TrackedRef } from './desired-state.js';
import type { DesiredState } from './push.rules.js';

interface StoredRef extends TrackedRef, DesiredState {
  readonly id: string;
}

/**
 * The requests of one unit of work to sync refs of any number of repositories. The refs are read in advance and written
 * together, so that the number of statements does not depend on the number of refs.
 */
export class SyncRequests {
  private readonly refs: ReadonlyMap<string, StoredRef | null>;
  /** Refs of repositories in which a ref is new or deleted. Deleted ones do not count. */
  private readonly counts: Map<string, number>;
  /** Existing refs with a request that is not written yet. */
  private readonly added = new Set<string>();
  /** New refs with a request that is not written yet. */
  private readonly created: TrackedRef[] = [];
  /** Refs with a request of this unit of work. */
  private readonly requested = new Set<string>();

  private constructor(
    wanted: readonly TrackedRef[],
    rows: readonly StoredRef[],
    counts: readonly { readonly repositoryId: string; readonly count: number }[],
  ) {
    this.refs = new Map([
      ...wanted.map((ref) => [keyOf(ref), null] as const),
      ...rows.map((row) => [keyOf(row), row] as const),
    ]);
    this.counts = new Map(counts.map(({ repositoryId, count }) => [repositoryId, count]));
  }

  /** Reads refs that may be new. They are not locked, see `readDesiredState`. */
  static async read(db: EntityManager, refs: readonly TrackedRef[]): Promise<SyncRequests> {
    if (refs.length === 0) return new SyncRequests([], [], []);
    const rows = await db.query<StoredRef[]>(
      `SELECT git_ref.id, repository_id AS "repositoryId", git_ref.name, wanted_commit AS commit, wanted_deleted AS deleted,
              generation > greatest(asked_generation, synced_generation) AND error IS NULL AS requested
         FROM git_ref JOIN unnest($1::text[], $2::text[]) AS wanted (repository, ref)
           ON repository_id = wanted.repository AND git_ref.name = wanted.ref`,
      [refs.map(({ repositoryId }) => repositoryId), refs.map(({ name }) => name)],
    );
    const present = new Set(rows.filter(({ deleted }) => !deleted).map(keyOf));
    const growing = refs.filter((ref) => !present.has(keyOf(ref))).map(({ repositoryId }) => repositoryId);
    if (growing.length === 0) return new SyncRequests(refs, rows, []);
    const counts = await db.query<{ repositoryId: string; count: number }[]>(
      `SELECT wanted AS "repositoryId", count(git_ref.id)::int AS count
         FROM unnest($1::text[]) AS wanted LEFT JOIN git_ref ON repository_id = wanted AND NOT wanted_deleted
        GROUP BY wanted`,
      [[...new Set(growing)]],
    );
    return new SyncRequests(refs, rows, counts);
  }

  /**
   * The desired state of a ref, as it will be once the requests are written.
   *
   * @returns null for a new ref, undefined for one that was not read
   */
  stateOf(ref: TrackedRef): DesiredState | null | undefined {
    const key = keyOf(ref);
    if (this.requested.has(key)) return { commit: null, deleted: false, requested: true };
    return this.refs.get(key);
  }

  /** The refs of a repository once the requests are written, without deleted ones; undefined if they were not counted. */
  countOf(repositoryId: string): number | undefined {
    return this.counts.get(repositoryId);
  }

  /** Requests a sync as `requestSync` does, once the requests are written. @returns false if the ref was not read */
  add(ref: TrackedRef): boolean {
    const key = keyOf(ref);
    const stored = this.refs.get(key);
    if (stored === undefined) return false;
    this.requested.add(key);
    if (stored === null) this.created.push(ref);
    else this.added.add(stored.id);
    const { repositoryId } = ref;
    if (stored?.deleted !== false) this.counts.set(repositoryId, (this.counts.get(repositoryId) ?? 0) + 1);
    return true;
  }

  /**
   * Writes the requests, in the order of ids and names: units of work that share refs wait for each other instead of
   * deadlocking. Enqueues the syncs.
   *
   * @throws Error if a ref was deleted meanwhile; the unit of work must be repeated
   */
  async write({ db, afterCommit }: Work): Promise<void> {
    if (this.added.size > 0) {
      const [, written] = await db.query<[unknown[], number]>(
        `UPDATE git_ref SET generation = generation + 1, wanted_commit = NULL, wanted_deleted = false, updated_at = now()
           FROM (SELECT id FROM git_ref WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE) AS locked
          WHERE git_ref.id = locked.id`,
        [[...this.added]],
      );
      if (written < this.added.size) throw new Error('A ref was deleted while its sync was requested.');
    }
    const inserted = this.created.length === 0 ? [] : await insertRefs(db, this.created);
    for (const refId of [...this.added, ...inserted]) afterCommit.enqueue(jobs.syncRef, { refId });
    this.added.clear();
    this.created.length = 0;
  }
}

/** Another unit of work may have inserted some of them meanwhile. @returns their ids */
async function insertRefs(db: EntityManager, refs: readonly TrackedRef[]): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `INSERT INTO git_ref AS existing (id, repository_id, name, wanted_commit, wanted_deleted)
     SELECT id, repository, ref, NULL, false
       FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (id, repository, ref) ORDER BY repository, ref
     ON CONFLICT (repository_id, name) DO UPDATE SET
       generation = existing.generation + 1, wanted_commit = NULL, wanted_deleted = false, updated_at = now()
     RETURNING id`,
    [refs.map(() => newId('ref')), refs.map(({ repositoryId }) => repositoryId), refs.map(({ name }) => name)],
  );
  return rows.map(({ id }) => id);
}

function keyOf({ repositoryId, name }: TrackedRef): string {
  return `${repositoryId} ${name}`;
}
