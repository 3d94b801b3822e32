import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import {
  bridgeMigrations,
  createDataSource,
  EndedSessions,
  LiveEventListener,
  migrate,
  publishLiveEvent,
} from './index.js';
import type { OrganizationEvent } from './index.js';
import type { EndedSession } from './live-events.js';

describe('live events', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  const opened: (() => Promise<void>)[] = [];
  const settings = () => ({
    url: postgres.url('reunite_bridge'),
    schema: 'bridge' as const,
    entities: [],
    migrations: bridgeMigrations,
  });

  beforeAll(async () => {
    postgres = await startPostgres();
    await Promise.all([migrate(settings()), migrate(settings())]);
    dataSource = await createDataSource(settings()).initialize();
  });

  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });

  it('arrive when the transaction commits, and never when it is rolled back', async () => {
    const events: OrganizationEvent[] = [];
    const ended: EndedSession[] = [];
    let gaps = 0;
    const listener = new LiveEventListener(postgres.url('reunite_bridge'), {
      onEvent: (event) => events.push(event),
      onSessionEnd: (session) => ended.push(session),
      onGap: () => (gaps += 1),
      onError: () => undefined,
    });
    opened.push(() => listener.close());
    await listener.start();

    const rolledBack = dataSource.transaction(async (db) => {
      await publishLiveEvent(db, 'org_a', { type: 'project', id: 'prj_lost' });
      throw new Error('roll back');
    });
    await expect(rolledBack).rejects.toThrow('roll back');
    await publishLiveEvent(dataSource.manager, 'org_a', { type: 'project', id: 'prj_kept' });
    await eventually(() => events.length > 0);
    expect(events).toMatchObject([{ organizationId: 'org_a', event: { type: 'project', id: 'prj_kept' } }]);

    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
    );
    await eventually(() => gaps === 1);
    await publishLiveEvent(dataSource.manager, 'org_a', { type: 'project', id: 'prj_after' });
    await eventually(() => events.length === 2);
    await new EndedSessions(dataSource).end({ organizationId: 'org_a', sessionId: 'one' }, new Date());
    await eventually(() => ended.length === 1);
    expect(ended).toEqual([{ organizationId: 'org_a', sessionId: 'one' }]);
  });

  it('keep the vault apart: the bridge role cannot read the schema of the vault, nor the other way round', async () => {
    await expect(dataSource.query('CREATE TABLE vault.x ()')).rejects.toThrow('permission denied');
    const vault = await createDataSource({ ...settings(), url: postgres.url('reunite_vault') }).initialize();
    opened.push(() => vault.destroy());
    await expect(vault.query('SELECT * FROM bridge.connection')).rejects.toThrow('permission denied');
  });
});
