import type { CommitState } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/** Statuses of one key are sent in order; the job carries the key. */
export interface CommitStatusKey {
  readonly repositoryId: string;
  readonly commit: string;
  readonly context: string;
}

export interface ReportedStatus extends CommitStatusKey {
  readonly state: CommitState;
  readonly description: string;
  readonly targetUrl: string | null;
}

/**
 * The context of a status. It carries the project's name: two projects on one repository must not overwrite each other.
 */
export function statusContext(projectName: string, check: 'build' | 'preview'): string {
  return `Reunite (${projectName}): ${check}`;
}

/** Puts a status into the outbox, in the caller's transaction. What is said already is not said again. */
export async function reportStatus(db: EntityManager, status: ReportedStatus): Promise<void> {
  await db.query(
    `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
     SELECT $1, $2, $3, $4, $5, $6
     WHERE NOT EXISTS (
       SELECT 1 FROM (
         SELECT state, description, target_url FROM commit_status
         WHERE repository_id = $1 AND commit = $2 AND context = $3 ORDER BY sequence DESC LIMIT 1
       ) last
       WHERE last.state = $4 AND last.description = $5 AND last.target_url IS NOT DISTINCT FROM $6
     )`,
    [status.repositoryId, status.commit, status.context, status.state, status.description, status.targetUrl],
  );
}

export interface OpenStatus {
  readonly sequence: number;
  readonly state: CommitState;
  readonly description: string;
  readonly targetUrl: string | null;
}

/**
 * Takes hold of a key until the transaction ends and reads what is still to be sent, oldest first. Two runs for one key
 * would otherwise be able to send in the wrong order (P7).
 *
 * @returns null when another run holds the key
 */
export async function claimOpenStatuses(db: EntityManager, key: CommitStatusKey): Promise<OpenStatus[] | null> {
  const name = `commit-status ${key.repositoryId} ${key.commit} ${key.context}`;
  const [lock] = await db.query<{ held: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS held',
    [name],
  );
  if (!lock?.held) return null;
  return db.query<OpenStatus[]>(
    `SELECT sequence, state, description, target_url AS "targetUrl" FROM commit_status
     WHERE repository_id = $1 AND commit = $2 AND context = $3 AND settled_at IS NULL ORDER BY sequence`,
    [key.repositoryId, key.commit, key.context],
  );
}

/** Marks a status as done: `sent`, or why it never will be. */
export async function settleStatus(db: EntityManager, sequence: number, outcome: string): Promise<void> {
  await db.query('UPDATE commit_status SET settled_at = now(), outcome = $2 WHERE sequence = $1', [sequence, outcome]);
}
