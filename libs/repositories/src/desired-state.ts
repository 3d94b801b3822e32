import type { IngestProgress } from '@reunite/content-store';
import { newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { DesiredState } from './push.rules.js';
import { GIT_TRANSPORT } from './remote-git.js';
import type { FetchTransport } from './remote-git.js';

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
 * Reads the desired state of a ref; null for a ref that is not tracked. It is not locked, so that a delivery does not wait
 * for a sync: at worst, a sync is requested that finds nothing new.
 */
export async function readDesiredState(
  db: EntityManager,
  { repositoryId, name }: TrackedRef,
): Promise<DesiredState | null> {
  const rows = await db.query<DesiredState[]>(
    `SELECT wanted_commit AS commit, wanted_deleted AS deleted,
            generation > greatest(asked_generation, synced_generation) AND error IS NULL AS requested
     FROM git_ref WHERE repository_id = $1 AND name = $2`,
    [repositoryId, name],
  );
  return rows[0] ?? null;
}

/** A ref with the generation that its sync is about to ask for. */
export interface StartedSync extends TrackedRef {
  readonly id: string;
  readonly generation: number;
}

/**
 * Records that the server is asked for the current generation of a ref. It must be committed before the question is sent:
 * from then on, deliveries request another sync.
 *
 * @returns null if the ref was deleted or is synced
 */
export async function startSync(db: EntityManager, refId: string): Promise<StartedSync | null> {
  const [rows] = await db.query<[StartedSync[], number]>(
    `UPDATE git_ref SET asked_generation = generation, received_objects = NULL, received_bytes = NULL
     WHERE id = $1 AND synced_generation < generation
     RETURNING id, repository_id AS "repositoryId", name, generation`,
    [refId],
  );
  return rows[0] ?? null;
}

/** The objects and bytes that a sync has received. */
export type SyncProgress = IngestProgress;

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
  { transport, reason }: FetchTransport = GIT_TRANSPORT,
): Promise<boolean> {
  const [commit, tree] = outcome.kind === 'synced' ? [outcome.commit, outcome.tree] : [null, null];
  const [, updated] = await db.query<[unknown[], number]>(
    `UPDATE git_ref SET
       synced_generation = $2, synced_commit = $3, synced_tree = $4, synced_at = now(), error = NULL,
       received_objects = NULL, received_bytes = NULL, sync_transport = $5, sync_transport_reason = $6,
       wanted_commit = CASE WHEN generation = $2 THEN $3 ELSE wanted_commit END,
       wanted_deleted = CASE WHEN generation = $2 THEN $3 IS NULL ELSE wanted_deleted END
     WHERE id = $1 AND synced_generation < $2`,
    [refId, generation, commit, tree, transport, reason],
  );
  return updated === 1;
}

/**
 * Records what a running sync has received, to be shown.
 *
 * @returns false if its generation was synced meanwhile
 */
export async function recordSyncProgress(
  db: EntityManager,
  { id, generation }: Pick<StartedSync, 'id' | 'generation'>,
  { objects, bytes }: SyncProgress,
): Promise<boolean> {
  const [, updated] = await db.query<[unknown[], number]>(
    'UPDATE git_ref SET received_objects = $3, received_bytes = $4 WHERE id = $1 AND synced_generation < $2',
    [id, generation, objects, bytes],
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
  await db.query(
    `UPDATE git_ref SET error = $3, received_objects = NULL, received_bytes = NULL
     WHERE id = $1 AND synced_generation < $2`,
    [refId, generation, message],
  );
}
