import type { CheckName, CommitState } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { ProjectEntity } from '../project/project.entity.js';
import { cutDescription, sortStatuses } from './status-outbox.rules.js';
import type { OpenStatus, SaidStatus } from './status-outbox.rules.js';

/**
 * Statuses of one key are sent in order; the job carries the key. To a server contexts that differ only by case are one:
 * https://docs.github.com/en/rest/commits/statuses#create-a-commit-status
 */
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
export function statusContext(projectName: string, check: 'build' | 'preview' | CheckName): string {
  return `${contextPrefix(projectName)}${check}`;
}

function contextPrefix(projectName: string): string {
  return `Reunite (${projectName}): `;
}

/**
 * Puts a status into the outbox, in the caller's transaction. What is said already, as the server keeps it, is not said
 * again.
 */
export async function reportStatus(db: EntityManager, status: ReportedStatus): Promise<void> {
  const description = cutDescription(status.description);
  await db.query(
    `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
     SELECT $1, $2, $3, $4, $5, $6
     WHERE NOT EXISTS (
       SELECT 1 FROM (
         SELECT context, state, description, target_url FROM commit_status
         WHERE repository_id = $1 AND commit = $2 AND lower(context) = lower($3) ORDER BY sequence DESC LIMIT 1
       ) last
       WHERE last.context = $3 AND last.state = $4 AND last.description = $5 AND last.target_url IS NOT DISTINCT FROM $6
     )`,
    [status.repositoryId, status.commit, status.context, status.state, description, status.targetUrl],
  );
}

/** Whether the last that was said is pending, and leads to an address. */
export async function isPending(
  db: EntityManager,
  { repositoryId, commit, context }: CommitStatusKey,
  targetUrl: string,
): Promise<boolean> {
  const [last] = await db.query<{ pending: boolean }[]>(
    `SELECT state = 'pending' AND target_url IS NOT DISTINCT FROM $4 AS pending FROM commit_status
     WHERE repository_id = $1 AND commit = $2 AND lower(context) = lower($3) ORDER BY sequence DESC LIMIT 1`,
    [repositoryId, commit, context, targetUrl],
  );
  return last?.pending ?? false;
}

/** Statuses that wait longer than this were kept from the server by something. */
const LATE = `interval '20 seconds'`;

/**
 * Takes hold of a key until the transaction ends and answers what is still to be sent, oldest first. Two runs for one key
 * would otherwise be able to send in the wrong order (P7). What need not be sent is settled.
 *
 * @param retried an earlier attempt did not get through
 * @returns null when another run holds the key
 */
export async function claimStatuses(
  db: EntityManager,
  { repositoryId, commit, context }: CommitStatusKey,
  retried: boolean,
): Promise<readonly OpenStatus[] | null> {
  const [lock] = await db.query<{ held: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS held',
    [`commit-status ${repositoryId} ${commit} ${context.toLowerCase()}`],
  );
  if (!lock?.held) return null;
  const columns = 'sequence, context, state, description, target_url AS "targetUrl"';
  const ofKey = 'FROM commit_status WHERE repository_id = $1 AND commit = $2 AND lower(context) = lower($3)';
  const key = [repositoryId, commit, context];
  const open = await db.query<(OpenStatus & { late: boolean })[]>(
    `SELECT ${columns}, created_at < now() - ${LATE} AS late ${ofKey} AND settled_at IS NULL ORDER BY sequence`,
    key,
  );
  if (open.length === 0) return [];
  const [last] = await db.query<SaidStatus[]>(
    `SELECT ${columns} ${ofKey} AND outcome = 'sent' ORDER BY sequence DESC LIMIT 1`,
    key,
  );
  const [sent] = await db.query<{ count: number }[]>(
    `SELECT count(*)::int AS count ${ofKey} AND outcome = 'sent'`,
    key,
  );
  const late = retried || open.some((status) => status.late);
  const { send, leave } = sortStatuses(open, { count: sent?.count ?? 0, last: last ?? null }, late);
  for (const { sequence, outcome } of leave) await settleStatus(db, sequence, outcome);
  return send;
}

/**
 * Marks a status as done: `sent`, or why it was not.
 *
 * @param refused the server does not take it for a reason that may pass, such as a permission that is missing
 */
export async function settleStatus(
  db: EntityManager,
  sequence: number,
  outcome: string,
  refused = false,
): Promise<void> {
  await db.query('UPDATE commit_status SET settled_at = now(), outcome = $2, refused = $3 WHERE sequence = $1', [
    sequence,
    outcome,
    refused,
  ]);
}

/**
 * Opens what a server refused while the app was suspended or lacked a permission; of each commit and context only the last
 * word. Call it when the connection is seen to be well.
 *
 * @returns what the caller enqueues
 */
export async function reopenRefusedStatuses(db: EntityManager, connectionId: string): Promise<CommitStatusKey[]> {
  const [reopened] = await db.query<[CommitStatusKey[], number]>(
    `UPDATE commit_status refused SET settled_at = NULL, outcome = NULL, refused = false
     FROM repository JOIN installation ON installation.connection_id = repository.connection_id
       AND installation.id = repository.installation_id
     WHERE refused.refused AND refused.repository_id = repository.id AND repository.connection_id = $1
       AND repository.available AND NOT installation.suspended
       AND NOT EXISTS (
         SELECT 1 FROM commit_status later WHERE later.repository_id = refused.repository_id
           AND later.commit = refused.commit AND lower(later.context) = lower(refused.context)
           AND later.sequence > refused.sequence
       )
     RETURNING refused.repository_id AS "repositoryId", refused.commit, refused.context`,
    [connectionId],
  );
  return reopened;
}

/**
 * Ends what a project says is pending, under the name it has, because nobody will say more under it: no status stays
 * pending for ever.
 *
 * @returns what the caller enqueues
 */
export function endPendingStatuses(
  db: EntityManager,
  { repositoryId, name }: Pick<ProjectEntity, 'repositoryId' | 'name'>,
  reason: string,
): Promise<CommitStatusKey[]> {
  return db.query<CommitStatusKey[]>(
    `INSERT INTO commit_status (repository_id, commit, context, state, description, target_url)
     SELECT repository_id, commit, context, 'error', $3, target_url FROM (
       SELECT DISTINCT ON (commit, lower(context)) repository_id, commit, context, state, target_url FROM commit_status
       WHERE repository_id = $1 AND starts_with(lower(context), lower($2))
       ORDER BY commit, lower(context), sequence DESC
     ) last WHERE state = 'pending'
     RETURNING repository_id AS "repositoryId", commit, context`,
    [repositoryId, contextPrefix(name), cutDescription(reason)],
  );
}
