import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/**
 * A table whose rows follow other rows on a server. `revision` rises with each change; `settled_revision` is the last one
 * that the server has, or has rejected.
 */
export interface RevisionTable {
  readonly name: 'pull_request_comment' | 'check_run';
  /** The column beside `project_id` that identifies a row. */
  readonly keyColumn: 'number' | 'commit';
}

type RowKey = readonly [projectId: string, key: string | number];

/** Time for which one run may write to the server, in seconds. Longer than {@link WRITE_TIMEOUT_MS}. */
const CLAIM_SECONDS = 90;
/** A run stops asking the server after this time, so that no other run writes the same row meanwhile. */
export const WRITE_TIMEOUT_MS = 60_000;

/** A row that one run brings up to date. */
export interface RevisionClaim {
  readonly claim: string;
  /** The revision that the run settles; a later one stays open. */
  readonly revision: number;
}

/**
 * Claims an outdated row for one run. The claim lapses by itself if the run dies.
 *
 * @param columns SQL of further columns to return
 * @returns null if the row is up to date, or if another run has it
 */
export async function claimRevision<Row extends object>(
  db: EntityManager,
  { name, keyColumn }: RevisionTable,
  key: RowKey,
  columns: string,
): Promise<(RevisionClaim & Row) | null> {
  const [rows] = await db.query<[(RevisionClaim & Row)[], number]>(
    `UPDATE ${name} SET claim = $3, claimed_until = now() + make_interval(secs => $4)
     WHERE project_id = $1 AND ${keyColumn} = $2
       AND settled_revision < revision AND coalesce(claimed_until < now(), true)
     RETURNING claim, revision::int AS revision, ${columns}`,
    [...key, randomUUID(), CLAIM_SECONDS],
  );
  return rows[0] ?? null;
}

/** Ends a claim, so that the next run need not wait until it lapses. */
export async function releaseRevision(
  db: EntityManager,
  { name, keyColumn }: RevisionTable,
  key: RowKey,
  claim: string,
): Promise<void> {
  await db.query(`UPDATE ${name} SET claimed_until = NULL WHERE project_id = $1 AND ${keyColumn} = $2 AND claim = $3`, [
    ...key,
    claim,
  ]);
}
