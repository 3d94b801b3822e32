import { lowestId, newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { deliveryKey, KEY_WINDOW_MS, PIECE_BYTES, shardOf } from './inbox-rows.rules.js';

/** The part of the server's log that is read. */
export interface LogPosition {
  /** Id of the newest delivery up to which the log is read completely, as decimal digits. */
  readonly readTo: string;
  /** Cursor of the next page of a reading that is not finished; null if none is. */
  readonly cursor: string | null;
  /** Id of the newest delivery of that reading. */
  readonly cursorFrom: string | null;
}

/** A delivery of the server's log. */
export interface LoggedAttempt {
  /** Id in the log, decimal digits. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly deliveredAt: Date;
}

/** A delivery that is in the server's log and not in the inbox. */
export interface MissedDelivery {
  readonly key: string;
  readonly serverId: string;
  readonly guid: string;
  /** Requests to the server so far. */
  readonly attempts: number;
}

/** Retention of deliveries that were given up, in days: longer than servers keep their log, so that each counts once. */
export const LOST_DAYS = 14;

/**
 * Missed deliveries that are stored per connection, those that were given up included. A server chooses the length of its log.
 */
export const MAX_MISSED = 100_000;

/** True if so many missed deliveries of the connection are stored that no more of the log may be read. */
export async function isRecoveryFull(db: EntityManager, connectionId: string): Promise<boolean> {
  const [row] = await db.query<[{ full: boolean }]>(
    'SELECT EXISTS (SELECT 1 FROM missed_delivery WHERE connection_id = $1 OFFSET $2) AS full',
    [connectionId, MAX_MISSED - 1],
  );
  return row.full;
}

/**
 * Claims connections whose recovery is due, so that one replica runs each of them per interval. A connection without an app
 * has no log.
 */
export async function claimOverdueRecoveries(
  db: EntityManager,
  { intervalSeconds, limit }: { readonly intervalSeconds: number; readonly limit: number },
): Promise<{ connectionId: string }[]> {
  await db.query(
    `INSERT INTO delivery_recovery (connection_id) SELECT id FROM connection
      WHERE app_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery_recovery WHERE connection_id = connection.id)
     ON CONFLICT DO NOTHING`,
  );
  const [claimed] = await db.query<[{ connectionId: string }[], number]>(
    `UPDATE delivery_recovery SET due_at = now() + make_interval(secs => $1) WHERE connection_id IN (
       SELECT connection_id FROM delivery_recovery WHERE due_at <= now() ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING connection_id AS "connectionId"`,
    [intervalSeconds, limit],
  );
  return claimed;
}

/** Returns how far the log of a connection is read. Adds the row of a new connection. */
export async function logPosition(db: EntityManager, connectionId: string): Promise<LogPosition> {
  await db.query('INSERT INTO delivery_recovery (connection_id) VALUES ($1) ON CONFLICT DO NOTHING', [connectionId]);
  const [position] = await db.query<[LogPosition]>(
    `SELECT read_to AS "readTo", cursor, cursor_from AS "cursorFrom" FROM delivery_recovery WHERE connection_id = $1`,
    [connectionId],
  );
  return position;
}

/**
 * Stores how far the log is read, and which deliveries of the page are not in the inbox: in one transaction, so that a run
 * that ends here is continued, not repeated.
 *
 * @returns the number of deliveries that were not known as missed
 */
export async function recordLogPage(
  db: EntityManager,
  connectionId: string,
  attempts: readonly LoggedAttempt[],
  { readTo, cursor, cursorFrom }: LogPosition,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const missing = await notInInbox(transaction, connectionId, attempts);
    const [inserted] = await transaction.query<[{ count: number }]>(
      `WITH inserted AS (
         INSERT INTO missed_delivery (connection_id, key, server_id, guid, event, delivered_at)
         SELECT $1, page.* FROM unnest($2::uuid[], $3::numeric[], $4::text[], $5::text[], $6::timestamptz[]) AS page
         ON CONFLICT DO NOTHING RETURNING 1
       ) SELECT count(*)::int AS count FROM inserted`,
      [
        connectionId,
        missing.map(({ key }) => key),
        missing.map(({ id }) => id),
        missing.map(({ guid }) => guid),
        missing.map(({ event }) => event),
        missing.map(({ deliveredAt }) => deliveredAt),
      ],
    );
    await transaction.query(
      `UPDATE delivery_recovery SET read_to = $2, cursor = $3, cursor_from = $4, missed = missed + $5
        WHERE connection_id = $1`,
      [connectionId, readTo, cursor, cursorFrom, inserted.count],
    );
    return inserted.count;
  });
}

/** Of several attempts with the same guid, the newest one. */
async function notInInbox(
  db: EntityManager,
  connectionId: string,
  attempts: readonly LoggedAttempt[],
): Promise<(LoggedAttempt & { readonly key: string })[]> {
  const byKey = new Map<string, LoggedAttempt & { readonly key: string }>();
  for (const attempt of attempts) {
    const key = deliveryKey(connectionId, attempt.guid).toString('hex');
    if (!byKey.has(key)) byKey.set(key, { ...attempt, key });
  }
  const stored = await db.query<{ key: string }[]>(
    'SELECT key FROM webhook_delivery WHERE key = ANY($1::uuid[]) AND id >= $2',
    [[...byKey.keys()], oldestKey()],
  );
  for (const { key } of stored) byKey.delete(key.replaceAll('-', ''));
  return [...byKey.values()];
}

/** Counts missed deliveries that have arrived since. @returns their number */
export async function settleArrived(db: EntityManager, connectionId: string): Promise<number> {
  const [settled] = await db.query<[{ count: number }]>(
    `WITH arrived AS (
       DELETE FROM missed_delivery missed WHERE connection_id = $1
         AND EXISTS (SELECT 1 FROM webhook_delivery stored WHERE stored.key = missed.key AND stored.id >= $2)
       RETURNING lost_at
     ), counted AS (
       UPDATE delivery_recovery SET recovered = recovered + (SELECT count(*) FROM arrived),
              lost = lost - (SELECT count(*) FROM arrived WHERE lost_at IS NOT NULL)
        WHERE connection_id = $1
     ) SELECT count(*)::int AS count FROM arrived`,
    [connectionId, oldestKey()],
  );
  return settled.count;
}

/**
 * Returns missed deliveries that can be requested now, oldest first.
 *
 * @param pauseSeconds time that a requested redelivery has to arrive
 */
export async function missedDeliveries(
  db: EntityManager,
  connectionId: string,
  { pauseSeconds, limit }: { readonly pauseSeconds: number; readonly limit: number },
): Promise<MissedDelivery[]> {
  return db.query(
    `SELECT key, server_id AS "serverId", guid, attempts FROM missed_delivery
      WHERE connection_id = $1 AND lost_at IS NULL
        AND (requested_at IS NULL OR requested_at < now() - make_interval(secs => $2))
      ORDER BY server_id LIMIT $3`,
    [connectionId, pauseSeconds, limit],
  );
}

/** Counts a request to the server. */
export async function recordRequest(db: EntityManager, connectionId: string, keys: readonly string[]): Promise<void> {
  await db.query(
    `UPDATE missed_delivery SET attempts = attempts + 1, requested_at = now()
      WHERE connection_id = $1 AND key = ANY($2::uuid[])`,
    [connectionId, keys],
  );
}

/** Gives up missed deliveries: only the reconciliation repairs what they were about. */
export async function recordLost(
  db: EntityManager,
  connectionId: string,
  keys: readonly string[],
  reason: string,
): Promise<void> {
  await db.query(
    `WITH given_up AS (
       UPDATE missed_delivery SET lost_at = now(), lost_reason = $3
        WHERE connection_id = $1 AND key = ANY($2::uuid[]) AND lost_at IS NULL RETURNING 1
     ) UPDATE delivery_recovery SET lost = lost + (SELECT count(*) FROM given_up) WHERE connection_id = $1`,
    [connectionId, keys, reason],
  );
}

/** Stores a delivery that was read from the server's log, unless it has arrived meanwhile. Its payload is JSON. */
export async function insertRecovered(
  db: EntityManager,
  delivery: { readonly connectionId: string; readonly guid: string; readonly event: string; readonly body: Buffer },
): Promise<void> {
  const { connectionId, guid, event, body } = delivery;
  const id = newId('delivery');
  const key = deliveryKey(connectionId, guid).toString('hex');
  await db.query(
    `WITH inserted AS (
       INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size)
       SELECT $1, $2, $3, $4::uuid, $5, $6, length($7::bytea)
        WHERE NOT EXISTS (SELECT 1 FROM webhook_delivery WHERE key = $4::uuid AND id >= $8)
       ON CONFLICT DO NOTHING RETURNING id
     )
     INSERT INTO webhook_payload (delivery_id, part, bytes)
     SELECT id, part, substring($7::bytea FROM part * $9 + 1 FOR $9)
       FROM inserted, generate_series(0, greatest(length($7::bytea) - 1, 0) / $9) AS part`,
    [id, connectionId, shardOf(connectionId), key, guid, event, body, oldestKey(), PIECE_BYTES],
  );
}

export interface RecoveryRun {
  /** Why the log cannot be read, for users; null if it was read. */
  readonly skippedReason: string | null;
  /** Time until the next run if there is more to do; null: the usual interval. */
  readonly againInSeconds: number | null;
  /** True to read the log from its newest delivery again, because the server may have rejected the cursor. */
  readonly restarts: boolean;
}

/** Ends a run. */
export async function recordRecoveryRun(
  db: EntityManager,
  connectionId: string,
  { skippedReason, againInSeconds, restarts }: RecoveryRun,
): Promise<void> {
  await db.query(
    `UPDATE delivery_recovery SET checked_at = now(), skipped_reason = $2,
            due_at = CASE WHEN $3::int IS NULL THEN due_at ELSE now() + make_interval(secs => $3) END,
            cursor = CASE WHEN $4 THEN NULL ELSE cursor END, cursor_from = CASE WHEN $4 THEN NULL ELSE cursor_from END
      WHERE connection_id = $1`,
    [connectionId, skippedReason, againInSeconds, restarts],
  );
  await db.query(
    'DELETE FROM missed_delivery WHERE connection_id = $1 AND lost_at < now() - make_interval(days => $2)',
    [connectionId, LOST_DAYS],
  );
}

export interface RecoveryState {
  /** End of the last run; null before the first. */
  readonly checkedAt: Date | null;
  readonly skippedReason: string | null;
  readonly missed: number;
  readonly recovered: number;
  readonly lost: number;
  /** Missed deliveries that are being recovered. */
  readonly open: number;
}

/** Returns the results of the recovery of a connection; null before the first run. */
export async function recoveryState(
  db: Pick<EntityManager, 'query'>,
  connectionId: string,
): Promise<RecoveryState | null> {
  const [state] = await db.query<RecoveryState[]>(
    `SELECT checked_at AS "checkedAt", skipped_reason AS "skippedReason", missed::int, recovered::int, lost::int,
            (SELECT count(*)::int FROM missed_delivery WHERE connection_id = $1 AND lost_at IS NULL) AS open
       FROM delivery_recovery WHERE connection_id = $1`,
    [connectionId],
  );
  return state ?? null;
}

/** Lowest id of the deliveries whose keys are looked up. */
function oldestKey(): string {
  return lowestId('delivery', Date.now() - KEY_WINDOW_MS);
}
