import type { EntityManager } from 'typeorm';
import { deliveryKey, PIECE_BYTES, shardOf } from './inbox-rows.rules.js';

/** Partitions that exist before their week begins. A row without one is stored in the default partition. */
const WEEKS_AHEAD = 4;

/** Creates the partitions of the next weeks. Does nothing if they exist. */
export async function createDeliveryPartitions(db: EntityManager): Promise<void> {
  await db.query('SELECT create_delivery_partitions($1)', [WEEKS_AHEAD]);
}

/**
 * Drops the partitions of weeks that ended before the retention, unless one of their deliveries is pending. Then
 * deletes a batch of finished deliveries from the default partition.
 *
 * @returns the number of deliveries that were deleted one by one
 */
export async function deleteOldDeliveries(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  await db.query('SELECT drop_delivery_partitions(now() - make_interval(days => $1))', [days]);
  const [deleted] = await db.query<{ count: number }[]>(
    `WITH old AS (
       DELETE FROM webhook_delivery_default WHERE id IN (
         SELECT id FROM webhook_delivery_default WHERE received_at < now() - make_interval(days => $1)
           AND (processed_at IS NOT NULL OR failed_at IS NOT NULL) LIMIT $2
       ) RETURNING id
     ), payloads AS (DELETE FROM webhook_payload USING old WHERE delivery_id = old.id)
     SELECT count(*)::int AS count FROM old`,
    [days, limit],
  );
  return deleted?.count ?? 0;
}

/** Partitions of two weeks are kept whatever their size: a repeated id is looked up in them. */
const MIN_DAYS = 14;

/**
 * Drops the oldest partitions until the inbox, payloads and indexes included, fits into a size. Keeps the last two weeks, and
 * partitions with a pending delivery.
 *
 * @returns the number of dropped partitions
 */
export async function limitDeliverySize(db: EntityManager, maxBytes: number): Promise<number> {
  const weeks = await db.query<{ week: Date; bytes: string }[]>(
    `SELECT to_date(right(relname, 8), 'YYYYMMDD') AS week,
            pg_total_relation_size(oid) + pg_total_relation_size('webhook_payload_' || right(relname, 8)) AS bytes
       FROM pg_inherits JOIN pg_class ON oid = inhrelid
      WHERE inhparent = 'webhook_delivery'::regclass AND relname ~ '\\d{8}$' ORDER BY 1 DESC`,
  );
  let total = 0;
  const excess = weeks.find(({ bytes }) => (total += Number(bytes)) > maxBytes);
  if (!excess) return 0;
  const [{ dropped }] = await db.query<[{ dropped: number }]>(
    `SELECT drop_delivery_partitions(least($1::date + 7, now() - make_interval(days => $2))) AS dropped`,
    [excess.week, MIN_DAYS],
  );
  return dropped;
}

/** Returns the shards with a delivery that has been pending for longer than the grace period. */
export async function overdueShards(
  db: EntityManager,
  { graceSeconds }: { readonly graceSeconds: number },
): Promise<{ shard: number }[]> {
  return db.query(
    `SELECT DISTINCT shard FROM webhook_delivery
      WHERE processed_at IS NULL AND failed_at IS NULL AND received_at < now() - make_interval(secs => $1)`,
    [graceSeconds],
  );
}

interface OldRow {
  readonly id: string;
  readonly connection_id: string;
  readonly guid: string;
}

/**
 * Moves a batch of rows from `delivery`, the inbox of earlier releases, which a replica of such a release may still
 * write. A delivery is in one of the two tables at any time, so that it takes effect once.
 *
 * @returns the number of moved rows
 */
export async function carryOverDeliveries(db: EntityManager, limit: number): Promise<number> {
  return db.transaction(async (transaction) => {
    const rows = await transaction.query<OldRow[]>(
      'SELECT id, connection_id, guid FROM delivery ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED',
      [limit],
    );
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    const shards = rows.map(({ connection_id }) => shardOf(connection_id));
    const keys = rows.map(({ connection_id, guid }) => deliveryKey(connection_id, guid).toString('hex'));
    await transaction.query(
      `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size, enterprise_host, enterprise_version,
         received_at, processed_at, failed_at, action, outcome)
       SELECT id, connection_id, moved.shard, moved.key, guid, event, length(body), enterprise_host, enterprise_version,
         received_at, processed_at, failed_at, action, outcome
       FROM delivery JOIN unnest($1::text[], $2::smallint[], $3::uuid[]) AS moved (row_id, shard, key) ON row_id = id
       ON CONFLICT DO NOTHING`,
      [ids, shards, keys],
    );
    await transaction.query(
      `INSERT INTO webhook_payload (delivery_id, part, bytes)
       SELECT webhook_delivery.id, part, substring(body FROM part * $2 + 1 FOR $2)
       FROM webhook_delivery JOIN delivery ON delivery.id = webhook_delivery.id,
         generate_series(0, greatest(length(body) - 1, 0) / $2) AS part
       WHERE webhook_delivery.id = ANY($1)
       ON CONFLICT DO NOTHING`,
      [ids, PIECE_BYTES],
    );
    await transaction.query('DELETE FROM delivery WHERE id = ANY($1)', [ids]);
    return rows.length;
  });
}
