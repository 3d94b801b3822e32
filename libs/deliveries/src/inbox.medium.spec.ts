import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { insertConnection, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { DeliveryEntity, DeliveryRepository, Inbox } from './index.js';
import type { NewDelivery } from './index.js';

describe('the inbox', () => {
  let postgres: RunningPostgres;
  let pool: pg.Pool;
  let dataSource: DataSource;
  let inbox: Inbox;
  let deliveries: DeliveryRepository;
  let connectionId: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    const settings = { url, schema: 'bridge' as const, entities: [DeliveryEntity], migrations: bridgeMigrations };
    await migrate(settings);
    dataSource = await createDataSource(settings).initialize();
    pool = new pg.Pool({ connectionString: url, options: '-c search_path=bridge', max: 4 });
    pool.on('error', () => undefined);
    inbox = new Inbox(pool);
    deliveries = new DeliveryRepository(dataSource);
  });
  beforeEach(async () => {
    connectionId = await insertConnection(pool, { organizationId: 'org_a' });
  });
  afterAll(async () => {
    await pool.end();
    await dataSource.destroy();
    await postgres.stop();
  });

  function delivery(overrides: Partial<NewDelivery> = {}): NewDelivery {
    const body = Buffer.from('{"ref":"refs/heads/main"}');
    const server = { enterpriseHost: 'ghes.example.com', enterpriseVersion: '3.17.2' };
    return { connectionId, guid: randomUUID(), event: 'push', body, ...server, ...overrides };
  }

  const count = async () => {
    const result = await pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM delivery WHERE connection_id = $1',
      [connectionId],
    );
    return result.rows[0]?.count;
  };

  it('P1: resolves after the delivery is committed, byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { id, ...accepted } = await inbox.accept(delivery({ guid: 'g-1', body }));
    expect(accepted).toEqual({ duplicate: false, alreadyProcessed: false });
    // Another connection of another pool: it sees what is committed, and nothing else.
    const row = await deliveries.read(id);
    expect(row).toMatchObject({ connectionId, guid: 'g-1', event: 'push', enterpriseHost: 'ghes.example.com' });
    expect(row).toMatchObject({ enterpriseVersion: '3.17.2', enqueuedAt: null, processedAt: null });
    expect(row?.body.equals(body)).toBe(true);
  });

  it('stores 500 concurrent deliveries as separate rows in a few statements', async () => {
    const before = await statements();
    const bodies = Array.from({ length: 500 }, (_, index) => Buffer.from(JSON.stringify({ index })));
    const accepted = await Promise.all(bodies.map((body) => inbox.accept(delivery({ body }))));
    expect(new Set(accepted.map(({ id }) => id)).size).toBe(500);
    expect(await count()).toBe(500);
    expect((await deliveries.read(accepted[321]?.id ?? ''))?.body.toString()).toBe('{"index":321}');
    expect((await statements()) - before).toBeLessThan(20);
  });

  /** Transactions that wrote something so far: ids are given to no others. */
  async function statements(): Promise<number> {
    const result = await pool.query<{ next: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot()) AS next');
    return Number(result.rows[0]?.next);
  }

  it('P2: stores one row for 50 copies in two replicas, and returns it to every caller', async () => {
    const replica = new Inbox(pool);
    const copies = Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? inbox : replica).accept(delivery({ guid: 'copied' })),
    );
    const accepted = await Promise.all(copies);
    expect(new Set(accepted.map(({ id }) => id)).size).toBe(1);
    expect(accepted.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await count()).toBe(1);
  });

  it('stores deliveries of two connections with the same id as separate rows', async () => {
    const other = await insertConnection(pool, { organizationId: 'org_a' });
    const one = await inbox.accept(delivery({ guid: 'same' }));
    const two = await inbox.accept(delivery({ guid: 'same', connectionId: other }));
    expect(two).toMatchObject({ duplicate: false });
    expect(two.id).not.toBe(one.id);
  });

  it('stores the other rows of a batch if the database rejects one', async () => {
    const gone = newId('connection');
    const results = await Promise.allSettled([
      inbox.accept(delivery({ guid: 'before' })),
      inbox.accept(delivery({ guid: 'rejected', connectionId: gone })),
      inbox.accept(delivery({ guid: 'after' })),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'not-found' } });
    expect(await count()).toBe(2);
  });

  it('rejects as unavailable while the database is stopped, and accepts after its restart', async () => {
    const closed = new Inbox(new pg.Pool({ host: '127.0.0.1', port: 1 }));
    await expect(closed.accept(delivery())).rejects.toMatchObject({ code: 'inbox-unavailable', retryable: true });
    await postgres.restart();
    // Connections of before the restart are broken; a caller may meet one.
    await inbox.accept(delivery({ guid: 'met a broken connection' })).catch(() => undefined);
    await expect(inbox.accept(delivery({ guid: 'after the restart' }))).resolves.toMatchObject({ duplicate: false });
  });

  it('finds rows that never reached the queue or were lost there, and no others', async () => {
    const ids = ['new', 'queued', 'lost', 'done', 'failed'] as const;
    const rows = new Map<string, string>();
    for (const guid of ids) rows.set(guid, (await inbox.accept(delivery({ guid }))).id);
    const id = (guid: (typeof ids)[number]) => rows.get(guid) ?? '';
    await inbox.markEnqueued([id('queued'), id('lost')]);
    await pool.query(`UPDATE delivery SET enqueued_at = now() - interval '10 min' WHERE id = $1`, [id('lost')]);
    await deliveries.markProcessed(dataSource.manager, id('done'), null);
    await deliveries.markFailed(id('failed'), 'malformed');

    const sweep = async (waitingMs: number) => {
      const ids = await inbox.unqueued({ waitingMs, lostMs: 300_000, limit: 10_000 });
      return ids.filter((id) => [...rows.values()].includes(id));
    };
    expect(await sweep(0)).toEqual([id('new'), id('lost')]);
    expect(await sweep(60_000)).toEqual([]);
    expect(await inbox.unqueued({ waitingMs: 0, lostMs: 300_000, limit: 1 })).toHaveLength(1);
  });

  describe('readers of the inbox', () => {
    it('P2: mark a delivery as processed in only one of two concurrent transactions', async () => {
      const { id } = await inbox.accept(delivery());
      const runs = await Promise.all(
        [1, 2, 3].map(() => dataSource.transaction((db) => deliveries.markProcessed(db, id, 'opened'))),
      );
      expect(runs.filter(Boolean)).toHaveLength(1);
      const repeated = await inbox.accept(delivery({ guid: (await deliveries.read(id))?.guid ?? '' }));
      expect(repeated).toEqual({ id, duplicate: true, alreadyProcessed: true });
    });

    it('P2: leave a delivery unprocessed if the transaction is rolled back', async () => {
      const { id } = await inbox.accept(delivery());
      const failing = dataSource.transaction(async (db) => {
        await deliveries.markProcessed(db, id, null);
        await deliveries.recordOutcome(db, id, 'half');
        throw new Error('the effect failed');
      });
      await expect(failing).rejects.toThrow('the effect failed');
      expect(await deliveries.read(id)).toMatchObject({ processedAt: null, outcome: null });
    });

    it('process a failed delivery again after a redelivery, and never fail a processed one', async () => {
      const first = await inbox.accept(delivery({ guid: 'again' }));
      await deliveries.markFailed(first.id, 'The server was away.');
      expect(await deliveries.read(first.id)).toMatchObject({ failedAt: expect.any(Date) });
      const again = await inbox.accept(delivery({ guid: 'again' }));
      expect(again).toEqual({ id: first.id, duplicate: true, alreadyProcessed: false });
      expect(await deliveries.read(first.id)).toMatchObject({ failedAt: null, enqueuedAt: null });
      await deliveries.markProcessed(dataSource.manager, first.id, null);
      await deliveries.recordOutcome(dataSource.manager, first.id, 'done');
      await deliveries.markFailed(first.id, 'too late');
      expect(await deliveries.read(first.id)).toMatchObject({ failedAt: null, outcome: 'done' });
    });

    it('page through a connection’s deliveries, newest first, without bodies', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 5; index++) ids.unshift((await inbox.accept(delivery())).id);
      const first = await deliveries.page(connectionId, { limit: 2, after: undefined });
      const second = await deliveries.page(connectionId, { limit: 3, after: first.endCursor ?? '' });
      expect(first.endCursor).toBe(ids[1]);
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
      expect(second.endCursor).toBeNull();
      expect(first.items[0]?.body).toBeUndefined();
    });
  });
});
