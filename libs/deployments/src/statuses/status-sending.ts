import { randomUUID } from 'node:crypto';
import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import type { CommitStatusKey } from './status-outbox.js';
import { sortStatuses } from './status-sending.rules.js';
import type { SentStatus, UnsentStatus } from './status-sending.rules.js';

/** A status that waits longer than this was delayed by an outage. */
const LATE = `interval '20 seconds'`;

/** Validity of a claim, in seconds. Shorter than the lock of a job, so that the job's rerun finds it lapsed. */
const CLAIM_SECONDS = 20;

/** Interval in which {@link renewClaim} keeps a claim valid, in milliseconds. */
export const CLAIM_RENEWAL_MS = 5_000;

/** Statuses that one run sends; no other run sends statuses of the same commit and context meanwhile. */
export interface ClaimedStatuses {
  readonly claim: string;
  /** Oldest first. */
  readonly send: readonly UnsentStatus[];
}

const OF_KEY = 'repository_id = $1 AND commit = $2 AND lower(context) = lower($3)';

function keyOf({ repositoryId, commit, context }: CommitStatusKey): string[] {
  return [repositoryId, commit, context];
}

/**
 * Claims the unsent statuses of a key. Two runs for one key could otherwise send in the wrong order (P7). A claim is
 * valid for a short time and needs no open transaction: a server may take minutes to answer. Statuses that need not be
 * sent are settled.
 *
 * @param db in a transaction
 * @param retried an earlier attempt failed
 * @returns null if another run has a valid claim
 */
export async function claimStatuses(
  db: EntityManager,
  key: CommitStatusKey,
  retried: boolean,
): Promise<ClaimedStatuses | null> {
  const { repositoryId, commit, context } = key;
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `commit-status ${repositoryId} ${commit} ${context.toLowerCase()}`,
  ]);
  const columns = 'sequence, context, state, description, target_url AS "targetUrl"';
  const ofKey = `FROM commit_status WHERE ${OF_KEY}`;
  const unsent = await db.query<(UnsentStatus & { late: boolean; claimed: boolean })[]>(
    `SELECT ${columns}, created_at < now() - ${LATE} AS late, coalesce(claimed_until > now(), false) AS claimed
     ${ofKey} AND settled_at IS NULL ORDER BY sequence`,
    keyOf(key),
  );
  if (unsent.some(({ claimed }) => claimed)) return null;
  const claim = randomUUID();
  if (unsent.length === 0) return { claim, send: [] };
  const [latest] = await db.query<SentStatus[]>(
    `SELECT ${columns} ${ofKey} AND outcome = 'sent' ORDER BY sequence DESC LIMIT 1`,
    keyOf(key),
  );
  const [sent] = await db.query<{ count: number }[]>(
    `SELECT count(*)::int AS count ${ofKey} AND outcome = 'sent'`,
    keyOf(key),
  );
  const late = retried || unsent.some((status) => status.late);
  const { send, leave } = sortStatuses(unsent, { count: sent?.count ?? 0, latest: latest ?? null }, late);
  for (const { sequence, outcome } of leave) await settleStatus(db, sequence, outcome);
  const sequences = send.map(({ sequence }) => sequence);
  await db.query(
    'UPDATE commit_status SET claim = $2, claimed_until = now() + make_interval(secs => $3) WHERE sequence = ANY($1)',
    [sequences, claim, CLAIM_SECONDS],
  );
  return { claim, send };
}

/**
 * Keeps a claim valid while its statuses are being sent.
 *
 * @returns false if the claim lapsed and another run took over: stop sending
 */
export async function renewClaim(db: EntityManager, key: CommitStatusKey, claim: string): Promise<boolean> {
  const [, renewed] = await db.query<[unknown[], number]>(
    `UPDATE commit_status SET claimed_until = now() + make_interval(secs => $5)
     WHERE ${OF_KEY} AND claim = $4 AND settled_at IS NULL`,
    [...keyOf(key), claim, CLAIM_SECONDS],
  );
  return renewed > 0;
}

/** Ends a claim, so that the next run need not wait until it lapses. */
export async function releaseClaim(db: EntityManager, key: CommitStatusKey, claim: string): Promise<void> {
  await db.query(
    `UPDATE commit_status SET claimed_until = NULL WHERE ${OF_KEY} AND claim = $4 AND settled_at IS NULL`,
    [...keyOf(key), claim],
  );
}

/**
 * Records the outcome of a status, so that it is not sent again.
 *
 * @param outcome `sent`, or the reason why it was not sent
 * @param reopenable true if the reason is temporary, such as a missing permission: {@link reopenStatuses} sends it
 *   again
 */
export async function settleStatus(
  db: EntityManager,
  sequence: number,
  outcome: string,
  reopenable = false,
): Promise<void> {
  await db.query(
    `UPDATE commit_status SET settled_at = now(), outcome = $2, refused = $3, claim = NULL, claimed_until = NULL
     WHERE sequence = $1`,
    [sequence, outcome, reopenable],
  );
}

/**
 * Reopens the latest status of each commit and context that a server rejected while the App was suspended or lacked a
 * permission, unless it still does. Call it whenever the connection works.
 *
 * @param all false to reopen only statuses of the last hour: nothing changed that explains the rejection, so that older
 *   ones would be rejected again and again
 */
export async function reopenStatuses({ db, afterCommit }: Work, connectionId: string, all = true): Promise<void> {
  const [reopened] = await db.query<[CommitStatusKey[], number]>(
    `UPDATE commit_status rejected SET settled_at = NULL, outcome = NULL, refused = false
     FROM repository JOIN installation ON installation.connection_id = repository.connection_id
       AND installation.id = repository.installation_id
     WHERE rejected.refused AND rejected.repository_id = repository.id AND repository.connection_id = $1
       AND repository.available AND NOT repository.archived AND NOT installation.suspended
       AND coalesce(installation.permissions ->> 'statuses', 'write') = 'write'
       AND ($2 OR rejected.created_at > now() - interval '1 hour')
       AND NOT EXISTS (
         SELECT 1 FROM commit_status later WHERE later.repository_id = rejected.repository_id
           AND later.commit = rejected.commit AND lower(later.context) = lower(rejected.context)
           AND later.sequence > rejected.sequence
       )
     RETURNING rejected.repository_id AS "repositoryId", rejected.commit, rejected.context`,
    [connectionId, all],
  );
  for (const key of reopened) afterCommit.enqueue(jobs.sendCommitStatuses, key);
}
