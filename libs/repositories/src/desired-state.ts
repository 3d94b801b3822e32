import { newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { DesiredState } from './push.rules.js';

export interface TrackedRef {
  readonly repositoryId: string;
  /** Full name, e.g. `refs/heads/main`. */
  readonly name: string;
}

/**
 * Makes the server's state the desired state of a ref, and raises its generation: a sync that runs already may have asked
 * the server too early.
 *
 * @returns the ref's id; the caller enqueues `syncRef` after its transaction
 */
export async function requestSync(db: EntityManager, { repositoryId, name }: TrackedRef): Promise<string> {
  const rows = await db.query<{ id: string }[]>(
    `INSERT INTO git_ref AS existing (id, repository_id, name, wanted_commit, wanted_deleted)
     VALUES ($1, $2, $3, NULL, false)
     ON CONFLICT (repository_id, name) DO UPDATE SET
       generation = existing.generation + 1, wanted_commit = NULL, wanted_deleted = false, updated_at = now()
     RETURNING id`,
    [newId('ref'), repositoryId, name],
  );
  const row = rows[0];
  if (!row) throw new Error(`git_ref ${name} was neither inserted nor updated`);
  return row.id;
}

/**
 * Reads the desired state of a ref and locks it until the transaction ends; null for a ref that is not tracked. Such a ref has
 * no row to lock, so that an advisory lock keeps two first pushes from reading null at the same time.
 */
export async function readDesiredState(db: EntityManager, ref: TrackedRef): Promise<DesiredState | null> {
  const tracked = await lockRef(db, ref);
  if (tracked) return tracked;
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`git-ref ${ref.repositoryId} ${ref.name}`]);
  return lockRef(db, ref);
}

async function lockRef(db: EntityManager, { repositoryId, name }: TrackedRef): Promise<DesiredState | null> {
  const rows = await db.query<DesiredState[]>(
    `SELECT wanted_commit AS commit, wanted_deleted AS deleted FROM git_ref
     WHERE repository_id = $1 AND name = $2 FOR UPDATE`,
    [repositoryId, name],
  );
  return rows[0] ?? null;
}

/** The result of a sync. */
export type SyncOutcome =
  { readonly kind: 'synced'; readonly commit: string; readonly tree: string } | { readonly kind: 'deleted' };

/**
 * Writes the result of a sync, unless a later generation was synced since. Also sets the desired commit, unless the desired
 * state changed meanwhile.
 *
 * @returns false if the result is outdated and was dropped
 */
export async function recordSync(
  db: EntityManager,
  refId: string,
  generation: number,
  outcome: SyncOutcome,
): Promise<boolean> {
  const [commit, tree] = outcome.kind === 'synced' ? [outcome.commit, outcome.tree] : [null, null];
  const [, updated] = await db.query<[unknown[], number]>(
    `UPDATE git_ref SET
       synced_generation = $2, synced_commit = $3, synced_tree = $4, synced_at = now(), error = NULL,
       wanted_commit = CASE WHEN generation = $2 THEN $3 ELSE wanted_commit END,
       wanted_deleted = CASE WHEN generation = $2 THEN $3 IS NULL ELSE wanted_deleted END
     WHERE id = $1 AND synced_generation < $2`,
    [refId, generation, commit, tree],
  );
  return updated === 1;
}

/** Records why the sync of a generation failed, unless that generation or a later one was synced since. */
export async function recordSyncError(
  db: EntityManager,
  refId: string,
  generation: number,
  message: string,
): Promise<void> {
  await db.query('UPDATE git_ref SET error = $3 WHERE id = $1 AND synced_generation < $2', [
    refId,
    generation,
    message,
  ]);
}
