import { Batcher } from '@reunite/concurrency';
import type { BatcherOptions } from '@reunite/concurrency';
import { CodedError, lowestId, newId, NotFoundError } from '@reunite/contracts';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { CopyQuery } from './copy-query.js';
import { isKeyConflict, isUnavailable } from './database-errors.rules.js';
import { COPY_STATEMENTS, copyMessages, deliveryKey, KEY_WINDOW_MS } from './inbox-rows.rules.js';
import type { InboxRow, NewDelivery } from './inbox-rows.rules.js';

/** The database is unreachable. The delivery may have been stored; the caller must not acknowledge it. */
export class InboxUnavailableError extends CodedError {
  readonly code = 'inbox-unavailable';
}

/** A committed delivery. */
export interface Accepted {
  /** Id of the row; for a redelivery, of the existing row. */
  readonly id: string;
  readonly duplicate: boolean;
  /** True if it is processed, so that no worker needs to look at it. */
  readonly alreadyProcessed: boolean;
}

interface Stored {
  readonly existing: ReadonlyMap<string, Accepted>;
  readonly fresh: ReadonlyMap<string, InboxRow>;
}

/**
 * One commit at a time: the deliveries that arrive meanwhile form the next batch, so that batches grow with the load.
 * The limit in bytes bounds the size of a transaction.
 */
const BATCH_OPTIONS: BatcherOptions<InboxRow> = {
  maxItems: 128,
  bytes: { limit: 4 * 1024 * 1024, of: ({ body }) => body.length },
  retrySingly: (error) => !(error instanceof InboxUnavailableError),
};

/** Time for which a connection counts as existing after it was looked up, in milliseconds. */
const EXISTS_MS = 1_000;
const MAX_CONNECTIONS = 20_000;
/** After a repeated id, batches look for existing ids first for this long: redeliveries come in groups. */
const LOOKUP_MS = 5_000;
/** Attempts of a batch whose ids are inserted by others at the same time. */
const MAX_ATTEMPTS = 5;

/** Stores deliveries before they are acknowledged (P1). For webhook-ingest. */
export class Inbox {
  private readonly inserts = new Batcher<InboxRow, Accepted>((rows) => this.insertBatch(rows), BATCH_OPTIONS);
  private readonly existing = new LRUCache<string, true>({ max: MAX_CONNECTIONS, ttl: EXISTS_MS, ttlResolution: 100 });
  private lookUpUntil = 0;

  /** @param pool with the inbox's schema on the search path */
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Commits a delivery together with concurrent ones. The caller limits how many it adds: their bodies wait in memory.
   *
   * @throws NotFoundError if the connection does not exist
   * @throws InboxUnavailableError if the database is unreachable
   */
  accept(delivery: NewDelivery): Promise<Accepted> {
    const key = deliveryKey(delivery.connectionId, delivery.guid);
    return this.inserts.add({ ...delivery, id: newId('delivery'), key });
  }

  private async insertBatch(rows: readonly InboxRow[]): Promise<(Accepted | Error)[]> {
    let client: pg.PoolClient | undefined;
    try {
      client = await this.pool.connect();
      // The pool handles errors of idle connections only; without a listener, a lost connection ends the process.
      client.on('error', ignore);
      const results = await this.insert(client, rows);
      client.off('error', ignore);
      client.release();
      return results;
    } catch (error) {
      // After an error a connection may still have answers in flight, e.g. after a timeout.
      client?.release(true);
      if (isUnavailable(error)) throw new InboxUnavailableError('The inbox cannot be written now.', { cause: error });
      throw error;
    }
  }

  private async insert(client: pg.PoolClient, rows: readonly InboxRow[]): Promise<(Accepted | Error)[]> {
    const missing = await this.missingConnections(client, rows);
    const accepted = rows.filter(({ connectionId }) => !missing.has(connectionId));
    const stored = await this.store(client, accepted);
    return rows.map(({ id, key, connectionId }) => {
      if (missing.has(connectionId)) return missingConnection(connectionId);
      const existing = stored.existing.get(keyText(key));
      if (existing) return existing;
      const inserted = stored.fresh.get(keyText(key))?.id ?? id;
      return { id: inserted, duplicate: inserted !== id, alreadyProcessed: false };
    });
  }

  /**
   * Inserts the rows whose key does not exist. Usually none exists, so that this is one round trip; the unique index
   * decides about rows that arrive twice at the same time.
   *
   * @returns the existing and the inserted row of each key
   */
  private async store(client: pg.PoolClient, rows: readonly InboxRow[]): Promise<Stored> {
    let existing = Date.now() < this.lookUpUntil ? await this.findExisting(client, rows) : new Map<string, Accepted>();
    for (let attempt = 1; ; attempt++) {
      const fresh = new Map<string, InboxRow>();
      for (const row of rows) {
        const key = keyText(row.key);
        if (!existing.has(key) && !fresh.has(key)) fresh.set(key, row);
      }
      try {
        if (fresh.size > 0) await copy(client, [...fresh.values()]);
        return { existing, fresh };
      } catch (error) {
        if (!isKeyConflict(error) || attempt === MAX_ATTEMPTS) throw error;
        this.lookUpUntil = Date.now() + LOOKUP_MS;
        existing = await this.findExisting(client, rows);
      }
    }
  }

  /** Returns the existing rows of redelivered ids. Resets failed ones, so that they are processed again. */
  private async findExisting(client: pg.PoolClient, rows: readonly InboxRow[]): Promise<Map<string, Accepted>> {
    const existing = await client.query<{ id: string; key: string; processed: boolean; failed: boolean }>(
      `SELECT id, key, processed_at IS NOT NULL AS processed, failed_at IS NOT NULL AS failed
         FROM webhook_delivery WHERE key = ANY($1::uuid[]) AND id >= $2`,
      [rows.map(({ key }) => keyText(key)), lowestId('delivery', Date.now() - KEY_WINDOW_MS)],
    );
    const failed = existing.rows.filter((row) => row.failed && !row.processed).map(({ id }) => id);
    if (failed.length > 0) {
      await client.query(
        `UPDATE webhook_delivery SET failed_at = NULL
          WHERE id = ANY($1) AND failed_at IS NOT NULL AND processed_at IS NULL`,
        [failed],
      );
    }
    return new Map(
      existing.rows.map(({ id, key, processed }) => [
        key.replaceAll('-', ''),
        { id, duplicate: true, alreadyProcessed: processed },
      ]),
    );
  }

  /** A deleted connection is noticed within a second. The worker deletes what was committed meanwhile. */
  private async missingConnections(client: pg.PoolClient, rows: readonly InboxRow[]): Promise<ReadonlySet<string>> {
    const unknown = new Set<string>();
    for (const { connectionId } of rows) if (!this.existing.has(connectionId)) unknown.add(connectionId);
    if (unknown.size === 0) return unknown;
    const existing = await client.query<{ id: string }>('SELECT id FROM connection WHERE id = ANY($1)', [[...unknown]]);
    for (const { id } of existing.rows) {
      this.existing.set(id, true);
      unknown.delete(id);
    }
    return unknown;
  }
}

/** The query that is running rejects with the error as well. */
function ignore(): void {}

/** `pg` sets the timeout of the pool's queries on it. */
async function copy(client: pg.PoolClient, rows: readonly InboxRow[]): Promise<void> {
  await client.query(new CopyQuery(COPY_STATEMENTS, copyMessages(rows))).done;
}

function keyText(key: Buffer): string {
  return key.toString('hex');
}

function missingConnection(connectionId: string): NotFoundError {
  return new NotFoundError(`There is no connection ${connectionId}.`);
}
