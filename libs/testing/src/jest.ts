import { afterAll, beforeAll } from '@jest/globals';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { startPostgres } from './postgres.js';
import type { RunningPostgres } from './postgres.js';

/** Runs the bridge's database, migrated, during a suite. @returns its data source, once the tests run */
export function useBridgeDatabase(entities: readonly EntityTarget<ObjectLiteral>[] = []): () => DataSource {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  beforeAll(async () => {
    postgres = await startPostgres();
    const settings = { url: postgres.url('reunite_bridge'), schema: 'bridge', entities } as const;
    await migrate({ ...settings, migrations: bridgeMigrations });
    dataSource = await createDataSource(settings).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await postgres.stop();
  });
  return () => dataSource;
}
