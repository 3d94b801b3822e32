import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import type { CommitStatusKey } from './status-outbox.js';
import { sortStatuses } from './status-sending.rules.js';
import type { SentStatus, UnsentStatus } from './status-sending.rules.js';

/** A status that waits longer than this was delayed by an outage. */
const LATE = `interval '20 seconds'`;

/**
 * Locks a key until the transaction ends and returns its unsent statuses, oldest first. Two runs for one key could
 * otherwise send in the wrong order (P7). Statuses that need not be sent are settled.
 *
 * @param retried an earlier attempt failed
 * @returns null if another run has locked the key
 */
export async function claimStatuses(
  db: EntityManager,
  { repositoryId, commit, context }: CommitStatusKey,
  retried: boolean,
): Promise<readonly UnsentStatus[] | null> {
  const [lock] = await db.query<{ locked: boolean }[]>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS locked',
    [`commit-status ${repositoryId} ${commit} ${context.toLowerCase()}`],
  );
  if (!lock?.locked) return null;
  const columns = 'sequence, context, state, description, target_url AS "targetUrl"';
  const ofKey = 'FROM commit_status WHERE repository_id = $1 AND commit = $2 AND lower(context) = lower($3)';
  const key = [repositoryId, commit, context];
  const unsent = await db.query<(UnsentStatus & { late: boolean })[]>(
    `SELECT ${columns}, created_at < now() - ${LATE} AS late ${ofKey} AND settled_at IS NULL ORDER BY sequence`,
    key,
  );
  if (unsent.length === 0) return [];
  const [latest] = await db.query<SentStatus[]>(
    `SELECT ${columns} ${ofKey} AND outcome = 'sent' ORDER BY sequence DESC LIMIT 1`,
    key,
  );
  const [sent] = await db.query<{ count: number }[]>(
    `SELECT count(*)::int AS count ${ofKey} AND outcome = 'sent'`,
    key,
  );
  const late = retried || unsent.some((status) => status.late);
  const { send, leave } = sortStatuses(unsent, { count: sent?.count ?? 0, latest: latest ?? null }, late);
  for (const { sequence, outcome } of leave) await settleStatus(db, sequence, outcome);
  return send;
}

/**
 * Records the outcome of a status, so that it is not sent again.
 *
 * @param outcome `sent`, or the reason why it was not sent
 * @param reopenable true if the reason is temporary, such as a missing permission: {@link reopenStatuses} sends it again
 */
export async function settleStatus(
  db: EntityManager,
  sequence: number,
  outcome: string,
  reopenable = false,
): Promise<void> {
  await db.query('UPDATE commit_status SET settled_at = now(), outcome = $2, refused = $3 WHERE sequence = $1', [
    sequence,
    outcome,
    reopenable,
  ]);
}

/**
 * Reopens the latest status of each commit and context that a server rejected while the App was suspended or lacked a
 * permission. Call it when the connection works again.
 */
export async function reopenStatuses({ db, afterCommit }: Work, connectionId: string): Promise<void> {
  const [reopened] = await db.query<[CommitStatusKey[], number]>(
    `UPDATE commit_status rejected SET settled_at = NULL, outcome = NULL, refused = false
     FROM repository JOIN installation ON installation.connection_id = repository.connection_id
       AND installation.id = repository.installation_id
     WHERE rejected.refused AND rejected.repository_id = repository.id AND repository.connection_id = $1
       AND repository.available AND NOT installation.suspended
       AND NOT EXISTS (
         SELECT 1 FROM commit_status later WHERE later.repository_id = rejected.repository_id
           AND later.commit = rejected.commit AND lower(later.context) = lower(rejected.context)
           AND later.sequence > rejected.sequence
       )
     RETURNING rejected.repository_id AS "repositoryId", rejected.commit, rejected.context`,
    [connectionId],
  );
  for (const key of reopened) afterCommit.enqueue(jobs.sendCommitStatuses, key);
}
