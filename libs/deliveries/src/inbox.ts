import { Batcher } from '@reunite/concurrency';
import { newId, NotFoundError } from '@reunite/contracts';
import type { BatcherOptions } from '@reunite/concurrency';
import type pg from 'pg';
import { InboxUnavailableError } from './inbox-unavailable.error.js';
import { inKeyOrder, insertStatement, isMissingConnection, isUnavailable } from './inbox-sql.rules.js';
import type { InboxRow, NewDelivery } from './inbox-sql.rules.js';

/** What became of a delivery; when this is known, it is committed. */
export interface Accepted {
  /** Of the row in the inbox: for a repeated delivery, of the one that is there. */
  readonly id: string;
  readonly duplicate: boolean;
  /** It has had its effect already and need not be enqueued. */
  readonly alreadyProcessed: boolean;
}

export interface UnqueuedQuery {
  /** Rows that were never enqueued count when they are older than this, so that those on their way do not. */
  readonly waitingMs: number;
  /** Rows that were enqueued count when that is longer ago than this: the queue may have lost them. */
  readonly lostMs: number;
  readonly limit: number;
}

/**
 * Two commits at a time: while one waits for the disk, the event loop prepares the next. 128 rows stay far below the
 * 65,535 parameters that one statement of PostgreSQL's protocol may have.
 */
const BATCH_OPTIONS: BatcherOptions<InboxRow> = {
  maxItems: 128,
  bytes: { limit: 4 * 1024 * 1024, of: ({ body }) => body.length },
  concurrency: 2,
  retrySingly: (error) => !(error instanceof InboxUnavailableError),
};

/** The inbox as ingest sees it: deliveries are accepted here before anybody is told so (P1). */
export class Inbox {
  private readonly inserts = new Batcher<InboxRow, Accepted>((rows) => this.insertBatch(rows), BATCH_OPTIONS);

  /** @param pool its connections' search path must lead to the schema of the inbox */
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Commits a delivery, together with those that come at the same time. The caller bounds how many it hands over at
   * once; their bodies wait in memory.
   *
   * @throws NotFoundError when there is no such connection (any more)
   * @throws InboxUnavailableError when the database is away
   */
  accept(delivery: NewDelivery): Promise<Accepted> {
    return this.inserts.add({ ...delivery, id: newId('delivery') });
  }

  /** Remembers that jobs for these rows are in the queue. */
  async markEnqueued(ids: readonly string[]): Promise<void> {
    await this.pool.query('UPDATE delivery SET enqueued_at = now() WHERE id = ANY($1)', [ids]);
  }

  /** Rows that wait for a worker and that the queue may not know, oldest first. */
  async unqueued({ waitingMs, lostMs, limit }: UnqueuedQuery): Promise<string[]> {
    const found = await this.pool.query<{ id: string }>(
      `SELECT id FROM delivery
        WHERE processed_at IS NULL AND failed_at IS NULL AND received_at < now() - $1 * interval '1 ms'
          AND (enqueued_at IS NULL OR enqueued_at < now() - $2 * interval '1 ms')
        ORDER BY received_at LIMIT $3`,
      [waitingMs, lostMs, limit],
    );
    return found.rows.map(({ id }) => id);
  }

  private async insertBatch(rows: readonly InboxRow[]): Promise<(Accepted | Error)[]> {
    try {
      return await this.insert(rows);
    } catch (error) {
      if (isUnavailable(error)) throw new InboxUnavailableError('The inbox cannot be written now.', { cause: error });
      throw isMissingConnection(error) ? missingConnection(rows[0]?.connectionId) : error;
    }
  }

  /** pg answers when the server is ready for the next query, which is after the commit. */
  private async insert(rows: readonly InboxRow[]): Promise<(Accepted | Error)[]> {
    const inserted = await this.pool.query<{ id: string }>(insertStatement(inKeyOrder(rows)));
    const fresh = new Set(inserted.rows.map(({ id }) => id));
    const repeated = rows.filter(({ id }) => !fresh.has(id));
    const known = repeated.length > 0 ? await this.known(repeated) : new Map<string, Accepted>();
    return rows.map((row) => {
      if (fresh.has(row.id)) return { id: row.id, duplicate: false, alreadyProcessed: false };
      return known.get(keyOf(row.connectionId, row.guid)) ?? missingConnection(row.connectionId);
    });
  }

  /** The rows that repeated deliveries met. One that had failed is open again: the server, or a person, sent it anew. */
  private async known(rows: readonly InboxRow[]): Promise<Map<string, Accepted>> {
    const keys = [rows.map(({ connectionId }) => connectionId), rows.map(({ guid }) => guid)];
    const mine = `(connection_id, guid) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;
    await this.pool.query(
      `UPDATE delivery SET failed_at = NULL, enqueued_at = NULL
        WHERE failed_at IS NOT NULL AND processed_at IS NULL AND ${mine}`,
      keys,
    );
    const found = await this.pool.query<{ id: string; connection_id: string; guid: string; processed: boolean }>(
      `SELECT id, connection_id, guid, processed_at IS NOT NULL AS processed FROM delivery WHERE ${mine}`,
      keys,
    );
    return new Map(
      found.rows.map(({ id, connection_id, guid, processed }) => [
        keyOf(connection_id, guid),
        { id, duplicate: true, alreadyProcessed: processed },
      ]),
    );
  }
}

function keyOf(connectionId: string, guid: string): string {
  return `${connectionId} ${guid}`;
}

function missingConnection(connectionId: string | undefined): NotFoundError {
  return new NotFoundError(`There is no connection ${connectionId ?? ''}.`);
}
