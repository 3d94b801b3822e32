import { DataSource } from 'typeorm';
import type { EntityTarget, MigrationInterface, ObjectLiteral } from 'typeorm';

export interface DataSourceSettings {
  readonly url: string;
  /** Schema of the service's scope; it is also the search path. */
  readonly schema: 'bridge' | 'vault';
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  readonly migrations?: readonly (new () => MigrationInterface)[];
  /** Connections in the pool. Default: 10. */
  readonly poolSize?: number;
}

/**
 * A TypeORM data source of one scope. 64-bit integers are parsed as numbers: ids of a server are far below 2^53.
 * `synchronize` is never on; tables come from migrations.
 */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    schema: settings.schema,
    entities: [...settings.entities] as never,
    migrations: [...(settings.migrations ?? [])] as never,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    poolSize: settings.poolSize ?? 10,
    parseInt8: true,
    extra: { options: `-c search_path=${settings.schema}`, connectionTimeoutMillis: 10_000 },
  });
}

/**
 * Runs the pending migrations of a scope. An advisory lock serializes processes that start at the same time.
 */
export async function migrate(settings: DataSourceSettings): Promise<void> {
  const dataSource = createDataSource({ ...settings, poolSize: 2 });
  await dataSource.initialize();
  try {
    const lock = dataSource.createQueryRunner();
    await lock.query('SELECT pg_advisory_lock(hashtext($1))', [`migrate.${settings.schema}`]);
    try {
      await dataSource.runMigrations();
    } finally {
      await lock.query('SELECT pg_advisory_unlock(hashtext($1))', [`migrate.${settings.schema}`]);
      await lock.release();
    }
  } finally {
    await dataSource.destroy();
  }
}
