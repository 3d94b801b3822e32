import { lowestId } from '@reunite/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { KEY_WINDOW_MS, shardOf } from './inbox-rows.rules.js';
import type { DeliverySource } from './parse-delivery.rules.js';

const IS_PENDING = 'processed_at IS NULL AND failed_at IS NULL';

/** The first pending deliveries of each shard, by connection. */
const PENDING = `
  SELECT found.id, found.connection_id AS "connectionId", found.shard, found.size, found.event
    FROM unnest($1::smallint[]) AS wanted (shard) CROSS JOIN LATERAL (
      SELECT id, connection_id, shard, size, event FROM webhook_delivery
       WHERE shard = wanted.shard AND ${IS_PENDING} AND id >= $2 ORDER BY connection_id, id LIMIT $3
    ) found`;

/** Steps from connection to connection in the index instead of reading their backlogs. */
const PENDING_PER_CONNECTION = `
  WITH RECURSIVE waiting AS (
    (SELECT connection_id FROM webhook_delivery WHERE shard = $1 AND ${IS_PENDING} AND id >= $2 AND connection_id > $7
      ORDER BY connection_id LIMIT 1)
    UNION ALL
    SELECT (SELECT next.connection_id FROM webhook_delivery next
             WHERE next.shard = $1 AND ${IS_PENDING} AND next.id >= $2
               AND next.connection_id > waiting.connection_id ORDER BY next.connection_id LIMIT 1)
      FROM waiting WHERE waiting.connection_id IS NOT NULL
  )
  SELECT delivery.id, waiting.connection_id AS "connectionId", $1::smallint AS shard, delivery.size, delivery.event
    FROM waiting CROSS JOIN LATERAL (
    SELECT id, size, event FROM webhook_delivery WHERE shard = $1 AND webhook_delivery.connection_id = waiting.connection_id
       AND ${IS_PENDING} AND id >= $2 AND id <> ALL($4) ORDER BY id LIMIT $5
  ) delivery
  WHERE waiting.connection_id <> ALL($3) LIMIT $6`;

export interface PendingQuery {
  readonly shards: readonly number[];
  /** Ignores older deliveries: the partitions before that time are not read. Null: all. */
  readonly since: Date | null;
  /** Connections that are being processed. */
  readonly exceptConnections: readonly string[];
  /** Deliveries that wait for their next attempt. */
  readonly exceptDeliveries: readonly string[];
  /** In a backlog, starts after this connection of a shard, so that each gets its turn. */
  readonly lastConnections: ReadonlyMap<number, string>;
  readonly perConnection: number;
  /** Deliveries per shard. */
  readonly limit: number;
}

export interface PendingDelivery {
  readonly id: string;
  readonly connectionId: string;
  readonly shard: number;
  readonly size: number;
  /** `X-GitHub-Event` */
  readonly event: string;
}

/** The columns of a delivery that processing needs. */
export interface ReceivedDelivery {
  readonly id: string;
  readonly connectionId: string;
  readonly event: string;
  readonly form: boolean;
  /** Unchanged, as it was signed. */
  readonly body: Buffer;
  readonly traceparent: string | null;
}

export interface ProcessedDelivery {
  readonly id: string;
  readonly source: DeliverySource;
  /** True if the event is not used. */
  readonly ignored: boolean;
  /** The action of the payload; null for events without one. */
  readonly action: string | null;
  /** A sentence for users. */
  readonly outcome: string;
}

/** Deliveries as the worker and the API access them. Ingest writes them through `Inbox`. */
export class DeliveryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Returns pending deliveries of shards, those of each connection oldest first, at most `perConnection` of each: a
   * connection with a backlog does not hold up the others.
   */
  async pending(query: PendingQuery): Promise<PendingDelivery[]> {
    const { shards, since, exceptConnections, exceptDeliveries, perConnection, limit } = query;
    const lowest = since ? lowestId('delivery', since.getTime()) : '';
    const rows = await this.dataSource.query<PendingDelivery[]>(PENDING, [shards, lowest, limit]);
    const pending: PendingDelivery[] = [];
    for (const shard of shards) {
      const ofShard = rows.filter((row) => row.shard === shard);
      // Usually that is all there is. Otherwise one connection with a backlog may have filled the limit.
      pending.push(...(ofShard.length === limit ? await this.pendingInTurn(query, shard, lowest) : ofShard));
    }
    const counts = new Map<string, number>();
    return pending.filter(({ id, connectionId }) => {
      if (exceptConnections.includes(connectionId) || exceptDeliveries.includes(id)) return false;
      const count = (counts.get(connectionId) ?? 0) + 1;
      counts.set(connectionId, count);
      return count <= perConnection;
    });
  }

  private async pendingInTurn(query: PendingQuery, shard: number, lowest: string): Promise<PendingDelivery[]> {
    const { exceptConnections, exceptDeliveries, lastConnections, perConnection, limit } = query;
    const values = [shard, lowest, exceptConnections, exceptDeliveries, perConnection, limit];
    const after = lastConnections.get(shard) ?? '';
    const next = await this.dataSource.query<PendingDelivery[]>(PENDING_PER_CONNECTION, [...values, after]);
    return next.length > 0 ? next : this.dataSource.query(PENDING_PER_CONNECTION, [...values, '']);
  }

  /** Returns pending deliveries with their payloads, oldest first. Deleted and finished ones are left out. */
  async read(ids: readonly string[]): Promise<ReceivedDelivery[]> {
    return this.dataSource.query(
      `SELECT id, connection_id AS "connectionId", event, form, traceparent,
              (SELECT string_agg(bytes, ''::bytea ORDER BY part) FROM webhook_payload WHERE delivery_id = id) AS body
         FROM webhook_delivery WHERE id = ANY($1) AND ${IS_PENDING} ORDER BY id`,
      [ids],
    );
  }

  /**
   * Claims the deliveries that are still pending, until the transaction ends. Rows that a concurrent run has claimed are
   * left out: each delivery takes effect once (P2).
   *
   * The unique index of ids is per week: a delivery that is repeated in the next week has a row of its own, and is returned
   * with the id of its processed copy. While an older copy is pending, it is left out.
   *
   * @returns the claimed ids, each with the id of a processed delivery with the same key, or null
   */
  async claim(db: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const rows = await db.query<{ id: string; copy: string | null; processed: boolean | null }[]>(
      `SELECT claimed.id, copy.id AS copy, copy.processed
         FROM webhook_delivery claimed LEFT JOIN LATERAL (
           SELECT other.id, other.processed_at IS NOT NULL AS processed FROM webhook_delivery other
            WHERE other.key = claimed.key AND other.id >= $2 AND other.id <> claimed.id
              AND (other.processed_at IS NOT NULL OR (other.failed_at IS NULL AND other.id < claimed.id))
            ORDER BY other.processed_at NULLS LAST LIMIT 1
         ) copy ON true
        WHERE claimed.id = ANY($1) AND claimed.processed_at IS NULL AND claimed.failed_at IS NULL
        ORDER BY claimed.id FOR UPDATE OF claimed SKIP LOCKED`,
      [ids, lowestId('delivery', Date.now() - KEY_WINDOW_MS)],
    );
    return new Map(rows.filter(({ processed }) => processed !== false).map(({ id, copy }) => [id, copy]));
  }

  /** Marks claimed deliveries as processed, in the transaction of their effects. */
  async markProcessed(db: EntityManager, processed: readonly ProcessedDelivery[]): Promise<void> {
    await db.query(
      `UPDATE webhook_delivery SET processed_at = clock_timestamp(), action = done.action, outcome = done.outcome,
              repository = done.repository, sender = done.sender, ignored = done.ignored
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
              AS done (id, action, outcome, repository, sender, ignored)
        WHERE webhook_delivery.id = done.id AND webhook_delivery.id = ANY($1)`,
      [
        processed.map(({ id }) => id),
        processed.map(({ action }) => action),
        processed.map(({ outcome }) => outcome),
        processed.map(({ source }) => source.repository),
        processed.map(({ source }) => source.sender),
        processed.map(({ ignored }) => ignored),
      ],
    );
  }

  /** Marks a delivery as failed: only a redelivery processes it again. Has no effect on a processed delivery. */
  async markFailed(id: string, outcome: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE webhook_delivery SET failed_at = now(), outcome = $2 WHERE id = $1 AND processed_at IS NULL`,
      [id, outcome.replaceAll('\0', '')],
    );
  }

  /** Counts a failed attempt. @returns the number of failed attempts so far */
  async countAttempt(id: string): Promise<number> {
    const [rows] = await this.dataSource.query<[{ attempts: number }[], number]>(
      `UPDATE webhook_delivery SET attempts = least(attempts + 1, 1000) WHERE id = $1 AND ${IS_PENDING} RETURNING attempts`,
      [id],
    );
    return rows[0]?.attempts ?? 0;
  }

  /** Deletes deliveries that were committed while their connection was deleted. */
  async deletePending(ids: readonly string[]): Promise<void> {
    await this.dataSource.query('DELETE FROM webhook_payload WHERE delivery_id = ANY($1)', [ids]);
    await this.dataSource.query('DELETE FROM webhook_delivery WHERE id = ANY($1)', [ids]);
  }

  /** Returns the age of the oldest delivery that waits to be processed, in seconds; null if none waits. */
  async oldestPendingSeconds(connectionId: string): Promise<number | null> {
    const [row] = await this.dataSource.query<{ seconds: number | null }[]>(
      `SELECT extract(epoch FROM now() - min(received_at))::float8 AS seconds FROM webhook_delivery
       WHERE connection_id = $1 AND shard = $2 AND ${IS_PENDING}`,
      [connectionId, shardOf(connectionId)],
    );
    return row?.seconds ?? null;
  }
}
