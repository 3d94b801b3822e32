import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { lowestId } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { insertConnection, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { deliveryKey } from './inbox-rows.rules.js';
import { DeliveryEntity, DeliveryLog, shardOf } from './index.js';

describe('the log of deliveries', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  let log: DeliveryLog;
  let connectionId: string;
  /** Number of the running test: ids are unique over all connections. */
  let test = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    const settings = { url, schema: 'bridge' as const, entities: [DeliveryEntity], migrations: bridgeMigrations };
    await migrate(settings);
    dataSource = await createDataSource(settings).initialize();
    log = new DeliveryLog(dataSource);
  });
  beforeEach(async () => {
    connectionId = await insertConnection(dataSource);
    test += 1;
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });

  const START = Date.now() - 3_600_000;
  /** The id of the delivery that is received so many seconds after {@link START}. */
  const idAt = (second: number) => `${lowestId('delivery', START + second * 1_000)}${String(test).padStart(16, '0')}`;

  /** Stores a delivery per second. @param rows changes of each, by its number */
  async function store(count: number, change = (_index: number): Partial<DeliveryEntity> => ({})): Promise<string[]> {
    const rows = Array.from({ length: count }, (_, index) => ({
      ...{ id: idAt(index), connectionId, shard: shardOf(connectionId), guid: `guid-${index}`, event: 'push', size: 2 },
      key: deliveryKey(connectionId, `guid-${index}`).toString('hex'),
      receivedAt: new Date(START + index * 1_000),
      processedAt: new Date(),
      repository: 'acme/docs',
      ...change(index),
    }));
    for (let at = 0; at < count; at += 1_000)
      await dataSource.manager.insert(DeliveryEntity, rows.slice(at, at + 1_000));
    return rows.map(({ id }) => id);
  }

  const idsOf = async (filter: Partial<Parameters<DeliveryLog['page']>[1]>) =>
    (await log.page(connectionId, { limit: 100, after: undefined, ...filter })).items.map(({ id }) => id);

  it('is paged newest first, pending and finished deliveries together', async () => {
    const ids = await store(7, (index) => ({ processedAt: index % 3 === 0 ? null : new Date() }));
    const first = await log.page(connectionId, { limit: 3, after: undefined });
    const second = await log.page(connectionId, { limit: 4, after: first.endCursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
    expect([first.endCursor, second.endCursor]).toEqual([ids[2], null]);
  });

  it('is filtered by event, state, repository and period', async () => {
    const [pending, failed, ignored, other, processed] = await store(5, (index) => ({
      processedAt: index < 2 ? null : new Date(),
      failedAt: index === 1 ? new Date() : null,
      ignored: index === 2,
      ...(index === 3 && { repository: 'acme/other', event: 'create' }),
    }));
    expect(await idsOf({ state: 'received' })).toEqual([pending]);
    expect(await idsOf({ state: 'failed' })).toEqual([failed]);
    expect(await idsOf({ state: 'ignored' })).toEqual([ignored]);
    expect(await idsOf({ state: 'processed' })).toEqual([processed, other]);
    expect(await idsOf({ event: 'create' })).toEqual([other]);
    expect(await idsOf({ repository: 'Acme/Other' })).toEqual([other]);
    const at = (second: number) => new Date(START + second * 1_000).toISOString();
    expect(await idsOf({ since: at(1), until: at(3) })).toEqual([ignored, failed]);
  });

  it('finds a delivery by its id or guid, of this connection only', async () => {
    const [first, second] = await store(2);
    expect(await idsOf({ search: first })).toEqual([first]);
    expect(await idsOf({ search: 'guid-1' })).toEqual([second]);
    expect(await idsOf({ search: 'guid-2' })).toEqual([]);
    connectionId = await insertConnection(dataSource);
    expect([await idsOf({ search: first }), await idsOf({ search: 'guid-1' })]).toEqual([[], []]);
  });

  it('makes finished deliveries pending again, of this connection only', async () => {
    const [processed, failed] = await store(2, (index) => ({
      processedAt: index === 0 ? new Date() : null,
      failedAt: index === 1 ? new Date() : null,
      attempts: 8,
      outcome: 'before',
    }));
    const another = await insertConnection(dataSource);
    await log.processAgain(another, processed ?? '');
    expect(await idsOf({ state: 'processed' })).toEqual([processed]);
    for (const id of [processed, failed]) await log.processAgain(connectionId, id ?? '');
    const { items } = await log.page(connectionId, { limit: 5, after: undefined, state: 'received' });
    expect(items.map(({ attempts, outcome }) => [attempts, outcome])).toEqual([
      [0, null],
      [0, null],
    ]);
  });

  it('reads few rows of a connection with 100,000 deliveries', async () => {
    await dataSource.query(
      `INSERT INTO webhook_delivery (id, connection_id, shard, key, guid, event, size, processed_at, repository)
       SELECT delivery_id_at(now() - make_interval(secs => n)) || lpad(n::text, 16, '0'), $1, $2, gen_random_uuid(), n,
              'push', 2, now(), CASE WHEN n = 99000 THEN 'acme/rare' ELSE 'acme/docs' END
         FROM generate_series(1, 100000) AS n`,
      [connectionId, shardOf(connectionId)],
    );
    await dataSource.query('VACUUM ANALYZE webhook_delivery');
    expect(await rowsRead({})).toBeLessThan(200);
    expect(await rowsRead({ after: idAt(0) })).toBeLessThan(200);
    expect(await rowsRead({ search: '500' })).toBeLessThan(20);
    // A filter that matches nothing reads a window, and the cursor continues after it.
    expect(await rowsRead({ repository: 'acme/rare' })).toBeLessThanOrEqual(5_000);
    let after: string | undefined;
    const matches: string[] = [];
    let pages = 0;
    do {
      const page = await log.page(connectionId, { limit: 10, after, repository: 'acme/rare' });
      matches.push(...page.items.map(({ repository }) => repository ?? ''));
      after = page.endCursor ?? undefined;
      pages += 1;
    } while (after !== undefined);
    expect([matches, pages]).toEqual([['acme/rare'], 20]);
  });

  /** The largest number of rows that a scan of the first query returns. */
  async function rowsRead(filter: Partial<Parameters<DeliveryLog['page']>[1]>): Promise<number> {
    const queries: [string, unknown[]][] = [];
    const recording = Object.create(dataSource, {
      query: {
        value: (sql: string, values: unknown[]) => {
          queries.push([sql, values]);
          return dataSource.query(sql, values);
        },
      },
    }) as DataSource;
    await new DeliveryLog(recording).page(connectionId, { limit: 25, after: undefined, ...filter });
    const [sql, values] = queries[0]!;
    const [row] = await dataSource.query<[{ 'QUERY PLAN': [{ Plan: PlanNode }] }]>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
      values,
    );
    return mostRows(row['QUERY PLAN'][0].Plan);
  }
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly PlanNode[];
}

function mostRows(node: PlanNode): number {
  return Math.max(node['Actual Rows'], ...(node.Plans ?? []).map(mostRows));
}
