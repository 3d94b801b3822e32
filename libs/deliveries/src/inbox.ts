import { Batcher } from '@reunite/concurrency';
import { CodedError, newId, NotFoundError } from '@reunite/contracts';
import type { BatcherOptions } from '@reunite/concurrency';
import type pg from 'pg';
import { inKeyOrder, insertStatement, isMissingConnection, isUnavailable } from './inbox-sql.rules.js';
import type { InboxRow, NewDelivery } from './inbox-sql.rules.js';

/** The database is unreachable. The delivery may have been stored; the caller must not acknowledge it. */
export class InboxUnavailableError extends CodedError {
  readonly code = 'inbox-unavailable';
}

/** A committed delivery. */
export interface Accepted {
  /** Id of the row; for a redelivery, of the existing row. */
  readonly id: string;
  readonly duplicate: boolean;
  /** True if it is processed and need not be enqueued. */
  readonly alreadyProcessed: boolean;
}

export interface UnqueuedQuery {
  /** Minimum age of rows that were never enqueued, in milliseconds: younger ones are being enqueued. */
  readonly waitingMs: number;
  /** Minimum time since rows were enqueued, in milliseconds: after it the queue counts as having lost them. */
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

/** Stores deliveries before they are acknowledged (P1). For webhook-ingest. */
export class Inbox {
  private readonly inserts = new Batcher<InboxRow, Accepted>((rows) => this.insertBatch(rows), BATCH_OPTIONS);

  /** @param pool with the inbox's schema on the search path */
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Commits a delivery together with concurrent ones. The caller limits how many it adds: their bodies wait in memory.
   *
   * @throws NotFoundError if the connection does not exist
   * @throws InboxUnavailableError if the database is unreachable
   */
  accept(delivery: NewDelivery): Promise<Accepted> {
    return this.inserts.add({ ...delivery, id: newId('delivery') });
  }

  /** Marks rows as enqueued. */
  async markEnqueued(ids: readonly string[]): Promise<void> {
    await this.pool.query('UPDATE delivery SET enqueued_at = now() WHERE id = ANY($1)', [ids]);
  }

  /** Returns the ids of unprocessed rows that are probably in no queue, oldest first. */
  async unqueued({ waitingMs, lostMs, limit }: UnqueuedQuery): Promise<string[]> {
    const existing = await this.pool.query<{ id: string }>(
      `SELECT id FROM delivery
        WHERE processed_at IS NULL AND failed_at IS NULL AND received_at < now() - $1 * interval '1 ms'
          AND (enqueued_at IS NULL OR enqueued_at < now() - $2 * interval '1 ms')
        ORDER BY received_at LIMIT $3`,
      [waitingMs, lostMs, limit],
    );
    return existing.rows.map(({ id }) => id);
  }

  private async insertBatch(rows: readonly InboxRow[]): Promise<(Accepted | Error)[]> {
    try {
      return await this.insert(rows);
    } catch (error) {
      if (isUnavailable(error)) throw new InboxUnavailableError('The inbox cannot be written now.', { cause: error });
      throw isMissingConnection(error) ? missingConnection(rows[0]?.connectionId) : error;
    }
  }

  /** The query resolves once the server is ready for the next one, which is after the commit. */
  private async insert(rows: readonly InboxRow[]): Promise<(Accepted | Error)[]> {
    const inserted = await this.pool.query<{ id: string }>(insertStatement(inKeyOrder(rows)));
    const fresh = new Set(inserted.rows.map(({ id }) => id));
    const repeated = rows.filter(({ id }) => !fresh.has(id));
    const existing = repeated.length > 0 ? await this.reopen(repeated) : new Map<string, Accepted>();
    return rows.map((row) => {
      if (fresh.has(row.id)) return { id: row.id, duplicate: false, alreadyProcessed: false };
      return existing.get(keyOf(row.connectionId, row.guid)) ?? missingConnection(row.connectionId);
    });
  }

  /** Returns the existing rows of redelivered ids. Resets failed ones, so that they are processed again. */
  private async reopen(rows: readonly InboxRow[]): Promise<Map<string, Accepted>> {
    const keys = [rows.map(({ connectionId }) => connectionId), rows.map(({ guid }) => guid)];
    const matches = `(connection_id, guid) IN (SELECT * FROM unnest($1::text[], $2::text[]))`;
    await this.pool.query(
      `UPDATE delivery SET failed_at = NULL, enqueued_at = NULL
        WHERE failed_at IS NOT NULL AND processed_at IS NULL AND ${matches}`,
      keys,
    );
    const existing = await this.pool.query<{ id: string; connection_id: string; guid: string; processed: boolean }>(
      `SELECT id, connection_id, guid, processed_at IS NOT NULL AS processed FROM delivery WHERE ${matches}`,
      keys,
    );
    return new Map(
      existing.rows.map(({ id, connection_id, guid, processed }) => [
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
