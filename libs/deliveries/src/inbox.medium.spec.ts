import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { lowestId, newId } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { eventually, insertConnection, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import { register } from 'prom-client';
import type { DataSource } from 'typeorm';
import {
  carryOverDeliveries,
  createDeliveryPartitions,
  deleteOldDeliveries,
  DeliveryEntity,
  DeliveryRepository,
  Inbox,
  limitDeliverySize,
  overdueShards,
  shardOf,
  watchInbox,
} from './index.js';
import type { NewDelivery } from './index.js';

const SOURCE = { repository: 'acme/docs', sender: 'octocat' };

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
    return { connectionId, guid: randomUUID(), event: 'push', form: false, body, ...server, ...overrides };
  }

  const count = async () => {
    const result = await pool.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM webhook_delivery WHERE connection_id = $1',
      [connectionId],
    );
    return result.rows[0]?.count;
  };

  it('P1: resolves after the delivery is committed, byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { id, ...accepted } = await inbox.accept(delivery({ guid: 'g-1', body, form: true }));
    expect(accepted).toEqual({ duplicate: false, alreadyProcessed: false });
    // Another connection of another pool: it sees what is committed, and nothing else.
    const row = await rowOf(id);
    expect(row).toMatchObject({ connectionId, guid: 'g-1', event: 'push', enterpriseHost: 'ghes.example.com' });
    expect(row).toMatchObject({ enterpriseVersion: '3.17.2', form: true, size: 256, attempts: 0, processedAt: null });
    expect((await read(id)).equals(body)).toBe(true);
  });

  it.each([0, 1, 7_999, 8_000, 8_001, 24_000, 1_000_003])('stores a body of %i bytes', async (bytes) => {
    const body = randomBytes(bytes);
    const { id } = await inbox.accept(delivery({ body, enterpriseHost: null, enterpriseVersion: null }));
    expect((await read(id)).equals(body)).toBe(true);
    expect(await rowOf(id)).toMatchObject({ size: bytes, enterpriseHost: null });
  });

  const rowOf = (id: string) => dataSource.getRepository(DeliveryEntity).findOneByOrFail({ id });
  const read = async (id: string) => (await deliveries.read([id]))[0]?.body ?? Buffer.from('missing');

  it('stores 500 concurrent deliveries as separate rows in a few statements', async () => {
    const before = await statements();
    const bodies = Array.from({ length: 500 }, (_, index) => Buffer.from(JSON.stringify({ index })));
    const accepted = await Promise.all(bodies.map((body) => inbox.accept(delivery({ body }))));
    expect(new Set(accepted.map(({ id }) => id)).size).toBe(500);
    expect(await count()).toBe(500);
    expect((await read(accepted[321]?.id ?? '')).toString()).toBe('{"index":321}');
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

  it('rejects a delivery as unavailable if the connection of its batch is lost, and goes on', async () => {
    const options = '-c search_path=bridge -c application_name=lost';
    const own = new pg.Pool({ connectionString: postgres.url('reunite_bridge'), options });
    own.on('error', () => undefined);
    const replica = new Inbox(own);
    const blocker = await pool.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE webhook_delivery IN ACCESS EXCLUSIVE MODE');
    const accepted = replica.accept(delivery({ guid: 'lost' }));
    const waiting = `SELECT pid FROM pg_stat_activity WHERE application_name = 'lost' AND wait_event_type = 'Lock'`;
    // On another connection: a transaction sees the activity as it was at its first look.
    await eventually(async () => (await pool.query(waiting)).rowCount === 1);
    await pool.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS backend`);
    await expect(accepted).rejects.toMatchObject({ code: 'inbox-unavailable', retryable: true });
    await blocker.query('ROLLBACK');
    blocker.release();
    await expect(replica.accept(delivery({ guid: 'lost' }))).resolves.toMatchObject({ duplicate: false });
    await own.end();
  });

  it('stores the others of a batch with repeated ids, and finds an id of last week', async () => {
    const [first] = await Promise.all([
      inbox.accept(delivery({ guid: 'one' })),
      inbox.accept(delivery({ guid: 'two' })),
    ]);
    const again = await Promise.all(['one', 'three', 'three'].map((guid) => inbox.accept(delivery({ guid }))));
    expect(again.map(({ duplicate }) => duplicate)).toEqual([true, false, true]);
    expect(again[0]?.id).toBe(first.id);
    expect(again[2]?.id).toBe(again[1]?.id);
    expect(await count()).toBe(3);
  });

  it('deletes deliveries and payloads with their connection', async () => {
    const [pending, done] = [await inbox.accept(delivery()), await inbox.accept(delivery())];
    await process(done.id);
    await pool.query('DELETE FROM connection WHERE id = $1', [connectionId]);
    expect(await deliveries.read([pending.id, done.id])).toEqual([]);
    const payloads = await pool.query('SELECT 1 FROM webhook_payload WHERE delivery_id = ANY($1)', [
      [pending.id, done.id],
    ]);
    expect(payloads.rowCount).toBe(0);
  });

  /** Claims and marks deliveries in one transaction. @returns the claimed ids */
  const process = (...ids: string[]) =>
    dataSource.transaction(async (db) => {
      const claimed = [...(await deliveries.claim(db, ids)).keys()];
      await deliveries.markProcessed(
        db,
        claimed.map((id) => ({ id, action: 'opened', source: SOURCE, ignored: false, outcome: 'done' })),
      );
      return claimed;
    });

  describe('readers of the inbox', () => {
    const pending = async (overrides: Partial<Parameters<typeof deliveries.pending>[0]> = {}) => {
      const all = {
        since: null,
        exceptConnections: [],
        exceptDeliveries: [],
        lastConnections: new Map<number, string>(),
        perConnection: 100,
        limit: 10_000,
      };
      return deliveries.pending({ shards: [shardOf(connectionId)], ...all, ...overrides });
    };

    it('P2: claim a delivery in only one of several concurrent transactions', async () => {
      const { id } = await inbox.accept(delivery({ guid: 'claimed' }));
      const runs = await Promise.all([1, 2, 3].map(() => process(id)));
      expect(runs.flat()).toEqual([id]);
      expect(await rowOf(id)).toMatchObject({ action: 'opened', outcome: 'done', ...SOURCE });
      const repeated = await inbox.accept(delivery({ guid: 'claimed' }));
      expect(repeated).toEqual({ id, duplicate: true, alreadyProcessed: true });
    });

    it('P2: leave a delivery pending if the transaction is rolled back', async () => {
      const { id } = await inbox.accept(delivery());
      const failing = dataSource.transaction(async (db) => {
        await deliveries.claim(db, [id]);
        await deliveries.markProcessed(db, [{ id, action: null, source: SOURCE, ignored: false, outcome: 'half' }]);
        throw new Error('the effect failed');
      });
      await expect(failing).rejects.toThrow('the effect failed');
      expect(await rowOf(id)).toMatchObject({ processedAt: null, outcome: null });
      expect((await pending()).map((row) => row.id)).toContain(id);
    });

    it('process a failed delivery again after a redelivery, and never fail a processed one', async () => {
      const first = await inbox.accept(delivery({ guid: 'again' }));
      await deliveries.markFailed(first.id, 'A name has U+0000: \0');
      expect(await rowOf(first.id)).toMatchObject({ failedAt: expect.any(Date), outcome: 'A name has U+0000: ' });
      const again = await inbox.accept(delivery({ guid: 'again' }));
      expect(again).toEqual({ id: first.id, duplicate: true, alreadyProcessed: false });
      expect(await rowOf(first.id)).toMatchObject({ failedAt: null });
      expect(await process(first.id)).toEqual([first.id]);
      await deliveries.markFailed(first.id, 'too late');
      expect(await rowOf(first.id)).toMatchObject({ failedAt: null, outcome: 'done' });
    });

    it('P2: find the processed copy of a delivery in the partition of another week', async () => {
      const { id } = await inbox.accept(delivery({ guid: 'weekly' }));
      await process(id);
      const { key } = await rowOf(id);
      // Beyond the existing partitions, in the default one: the unique index of the week does not know it.
      const copy = newId('delivery').replace('dlv_0', 'dlv_7');
      await pool.query(
        `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size) VALUES ($1, $2, 0, $3, 'weekly', 'push', 2)`,
        [copy, connectionId, key],
      );
      const claimed = await dataSource.transaction((db) => deliveries.claim(db, [copy, id]));
      expect(claimed).toEqual(new Map([[copy, id]]));
    });

    it('P2: claim the oldest of the copies that are pending in partitions of several weeks', async () => {
      const { id } = await inbox.accept(delivery({ guid: 'twice' }));
      const { key } = await rowOf(id);
      const copy = newId('delivery').replace('dlv_0', 'dlv_7');
      await pool.query(
        `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size) VALUES ($1, $2, 0, $3, 'twice', 'push', 2)`,
        [copy, connectionId, key],
      );
      expect(await process(id, copy)).toEqual([id]);
      expect(await dataSource.transaction((db) => deliveries.claim(db, [copy]))).toEqual(new Map([[copy, id]]));
      // A failed copy has had no effect.
      await pool.query('UPDATE webhook_delivery SET processed_at = NULL, failed_at = now() WHERE id = $1', [id]);
      expect(await dataSource.transaction((db) => deliveries.claim(db, [copy]))).toEqual(new Map([[copy, null]]));
    });

    it('get the pending deliveries of each connection in order, and none of a connection that is busy', async () => {
      let other = await insertConnection(pool);
      while (shardOf(other) !== shardOf(connectionId)) other = await insertConnection(pool);
      const mine: string[] = [];
      for (let index = 0; index < 5; index++) mine.push((await inbox.accept(delivery())).id);
      const theirs = (await inbox.accept(delivery({ connectionId: other }))).id;
      const idsOf = async (connection: string, overrides = {}) =>
        (await pending(overrides)).filter((row) => row.connectionId === connection).map(({ id }) => id);
      expect(await idsOf(connectionId)).toEqual(mine);
      expect(await idsOf(connectionId, { perConnection: 2, exceptDeliveries: [mine[0]] })).toEqual(mine.slice(1, 3));
      expect(await idsOf(other, { perConnection: 2 })).toEqual([theirs]);
      expect(await idsOf(connectionId, { exceptConnections: [connectionId] })).toEqual([]);
      // A backlog fills the limit: then connections take turns, and the last is followed by the first.
      const [low, high] = [connectionId, other].sort();
      const turn = async (last: string) =>
        (await pending({ limit: 2, perConnection: 2, lastConnections: new Map([[shardOf(connectionId), last]]) })).map(
          (row) => row.connectionId,
        );
      expect((await turn(low ?? '')).every((connection) => connection > (low ?? ''))).toBe(true);
      expect(await turn('con_zzz')).not.toEqual([]);
      expect(await turn(high ?? '')).not.toEqual([]);
      expect(await idsOf(connectionId, { since: new Date(Date.now() + 60_000) })).toEqual([]);
      expect(await overdueShards(dataSource.manager, { graceSeconds: 0 })).toContainEqual({ shard: shardOf(other) });
    });
  });

  it('shows its lag and length in the metrics', async () => {
    const read = async () => (await register.metrics()).split('\n').filter((line) => /^webhook_inbox/.test(line));
    watchInbox(() => Promise.reject(new Error('The database is down.')));
    expect(await read()).toEqual(['webhook_inbox_lag_seconds Nan', 'webhook_inbox_pending_deliveries Nan']);
    watchInbox((sql) => dataSource.query(sql));
    await pool.query('UPDATE webhook_delivery SET processed_at = now() WHERE processed_at IS NULL');
    expect(await read()).toEqual(['webhook_inbox_lag_seconds 0', 'webhook_inbox_pending_deliveries 0']);
    const id = `${lowestId('delivery', Date.now() - 90_000)}0000000000000000`;
    await pool.query(
      `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size)
       VALUES ($1, $2, 0, gen_random_uuid(), 'late', 'push', 2)`,
      [id, connectionId],
    );
    const [lag = '', pending] = await read();
    expect(Math.round(Number(lag.split(' ')[1]) / 10)).toBe(9);
    expect(pending).toBe('webhook_inbox_pending_deliveries 1');
    watchInbox(null);
  });

  describe('retention', () => {
    const db = () => dataSource.manager;
    const partitions = async () =>
      (
        await pool.query<{ name: string }>(
          `SELECT relname AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid
            WHERE inhparent = 'webhook_delivery'::regclass ORDER BY 1`,
        )
      ).rows.map(({ name }) => name);

    async function addWeek(suffix: string): Promise<void> {
      const bounds = `format('FROM (%L) TO (%L)', delivery_id_at('${suffix}'), delivery_id_at('${suffix}'::date + 7))`;
      const { rows } = await pool.query<{ bounds: string }>(`SELECT ${bounds} AS bounds`);
      for (const table of ['delivery', 'payload']) {
        const name = `webhook_${table}_${suffix}`;
        await pool.query(`CREATE TABLE ${name} PARTITION OF webhook_${table} FOR VALUES ${rows[0]?.bounds ?? ''}`);
      }
    }

    async function insertAt(time: string, state: string): Promise<string> {
      const { rows } = await pool.query<{ id: string }>(
        `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size, received_at, processed_at)
         VALUES (delivery_id_at($1) || $2::text, $3, 0, gen_random_uuid(), 'g', 'push', 2, $1,
           CASE WHEN $4 = 'processed' THEN $1::timestamptz END) RETURNING id`,
        [time, randomUUID(), connectionId, state],
      );
      await pool.query(`INSERT INTO webhook_payload VALUES ($1, 0, '{}')`, [rows[0]?.id]);
      return rows[0]?.id ?? '';
    }

    it('drops the partitions of old weeks, but none with a pending delivery', async () => {
      await createDeliveryPartitions(db());
      const before = await partitions();
      expect(before.length).toBeGreaterThan(4);
      await addWeek('20200106');
      await addWeek('20200113');
      await insertAt('2020-01-07', 'processed');
      const waiting = await insertAt('2020-01-14', 'pending');
      await deleteOldDeliveries(db(), { days: 180, limit: 1_000 });
      expect(await partitions()).toEqual(['webhook_delivery_20200113', ...before]);
      expect(await deliveries.read([waiting])).toHaveLength(1);
      await process(waiting);
      await deleteOldDeliveries(db(), { days: 180, limit: 1_000 });
      expect(await partitions()).toEqual(before);
    });

    it('drops the oldest weeks that exceed the size, but neither the last two nor one with a pending delivery', async () => {
      const before = await partitions();
      for (const week of ['20200203', '20200210', '20200217']) await addWeek(week);
      await insertAt('2020-02-04', 'processed');
      const waiting = await insertAt('2020-02-11', 'pending');
      await insertAt('2020-02-18', 'processed');
      expect(await limitDeliverySize(db(), 1024 ** 4)).toBe(0);
      expect(await limitDeliverySize(db(), 1)).toBe(2);
      expect(await partitions()).toEqual(['webhook_delivery_20200210', ...before]);
      await process(waiting);
      expect(await limitDeliverySize(db(), 1)).toBe(1);
      expect(await partitions()).toEqual(before);
    });

    it('deletes old rows from the default partition one by one', async () => {
      const [old, waiting] = [await insertAt('2019-05-01', 'processed'), await insertAt('2019-05-01', 'pending')];
      expect(await deleteOldDeliveries(db(), { days: 180, limit: 1_000 })).toBe(1);
      expect((await deliveries.read([old, waiting])).map(({ id }) => id)).toEqual([waiting]);
    });

    it('carries over the rows of an earlier release, with their ids, states and payloads', async () => {
      const body = randomBytes(20_001);
      const ids = [newId('delivery'), newId('delivery')];
      for (const [index, id] of ids.entries()) {
        await pool.query(
          `INSERT INTO delivery (id, connection_id, guid, event, body, processed_at, outcome)
           VALUES ($1, $2, $1, 'push', $3, CASE WHEN $4 THEN now() END, $5)`,
          [id, connectionId, body, index === 1, index === 1 ? 'done' : null],
        );
      }
      expect(await carryOverDeliveries(db(), 10)).toBe(2);
      expect(await carryOverDeliveries(db(), 10)).toBe(0);
      expect((await deliveries.read(ids)).every((row) => row.body.equals(body))).toBe(true);
      expect(await rowOf(ids[0] ?? '')).toMatchObject({ connectionId, size: 20_001, processedAt: null });
      expect(await rowOf(ids[1] ?? '')).toMatchObject({ outcome: 'done', processedAt: expect.any(Date) });
      const repeated = await inbox.accept(delivery({ guid: ids[1] ?? '' }));
      expect(repeated).toEqual({ id: ids[1], duplicate: true, alreadyProcessed: true });
    });
  });
});
