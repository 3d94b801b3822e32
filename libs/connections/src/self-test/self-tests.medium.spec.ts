import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Probe } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { insertConnection, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { probe } from './probe.rules.js';
import { SelfTestEntity } from './self-test.entity.js';
import { overdueSelfTests, storeSelfTest } from './self-tests.js';

describe('the self-tests of connections', () => {
  let postgres: RunningPostgres;
  let pool: pg.Pool;
  let dataSource: DataSource;
  let id: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    const settings = { url, schema: 'bridge' as const, entities: [SelfTestEntity], migrations: bridgeMigrations };
    await migrate(settings);
    dataSource = await createDataSource(settings).initialize();
    pool = new pg.Pool({ connectionString: url, options: '-c search_path=bridge', max: 2 });
    pool.on('error', () => undefined);
  });
  beforeEach(async () => {
    await pool.query('DELETE FROM connection');
    id = await insertConnection(pool, { organizationId: 'org_a' });
    await pool.query('UPDATE connection SET app_id = 7, created_at = $1 WHERE id = $2', [new Date(0), id]);
  });
  afterAll(async () => {
    await pool.end();
    await dataSource.destroy();
    await postgres.stop();
  });

  const good = [probe('tls', 'ok', 'Trusted.')];
  const bad = [probe('tls', 'failed', 'Not trusted.', 'Add the authority.')];
  const store = (probes: Probe[]) => storeSelfTest(dataSource.manager, { id, organizationId: 'org_a' }, probes);
  const read = () => dataSource.manager.findOneByOrFail(SelfTestEntity, { connectionId: id });
  const overdue = () => overdueSelfTests(dataSource.manager, { limit: 10 });

  it('store the last result, and since when a probe fails', async () => {
    await store(good);
    expect(await read()).toMatchObject({ probes: good, failingSince: null });
    await store(bad);
    const { failingSince } = await read();
    expect(failingSince).toBeInstanceOf(Date);
    await store(bad);
    expect(await read()).toMatchObject({ probes: bad, failingSince });
    await store(good);
    expect(await read()).toMatchObject({ failingSince: null });
  });

  it('are due a day after the last one, and only with an app', async () => {
    expect(await overdue()).toEqual([{ connectionId: id }]);
    await store(bad);
    expect(await overdue()).toEqual([]);
    await pool.query(`UPDATE connection_self_test SET tested_at = now() - interval '25 hours'`);
    expect(await overdue()).toEqual([{ connectionId: id }]);
    await pool.query('UPDATE connection SET app_id = NULL');
    expect(await overdue()).toEqual([]);
  });

  it('store nothing for a connection that was deleted meanwhile', async () => {
    await pool.query('DELETE FROM connection');
    await store(bad);
    expect(await dataSource.manager.count(SelfTestEntity)).toBe(0);
  });
});
