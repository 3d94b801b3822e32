import { CodedError } from '@reunite/contracts';
import pg from 'pg';
import { bridgeMigrations } from './bridge-migrations.js';

/** A TypeORM data source or a `pg` pool. */
interface Queryable {
  query(sql: string): Promise<unknown>;
}

interface Dependency {
  readonly name: string;
  readonly check: () => Promise<unknown>;
}

const CONNECT_MS = 1_500;
const BRIDGE_MIGRATION_NAMES = bridgeMigrations.map(({ name }) => name);

/** A migration that this release needs has not been run. */
export class SchemaOutdatedError extends CodedError {
  readonly code = 'schema-outdated';
}

/** Readiness check of a service that needs the database: runs an empty query. */
export function databaseReadiness(db: Queryable): Dependency {
  return { name: 'database', check: () => db.query('SELECT 1') };
}

/** Readiness check of a service that starts before the migrations of schema `bridge`: all of this release have been run. */
export function migrationReadiness(pool: pg.Pool): Dependency {
  return { name: 'migrations', check: () => assertMigrated(pool, 'bridge', BRIDGE_MIGRATION_NAMES) };
}

/** Dependencies of a service that uses schema `bridge`, for its start. Each check opens a connection of its own. */
export function bridgeDependencies(url: string): Dependency[] {
  return schemaDependencies(url, 'bridge', BRIDGE_MIGRATION_NAMES);
}

/** Dependencies of a service that uses a schema: the database, and every migration of this release. */
export function schemaDependencies(
  url: string,
  schema: 'bridge' | 'vault',
  migrations: readonly string[],
): Dependency[] {
  return [
    { name: 'database', check: () => withClient(url, (client) => client.query('SELECT 1')) },
    { name: 'migrations', check: () => withClient(url, (client) => assertMigrated(client, schema, migrations)) },
  ];
}

async function assertMigrated(client: pg.Client | pg.Pool, schema: string, expected: readonly string[]): Promise<void> {
  const missing = `Migrations of schema ${schema} are pending. Run migrate.js of its owner first.`;
  const { rows } = await client
    .query<{ name: string }>(`SELECT name FROM ${schema}.migration`)
    .catch((cause: unknown) => {
      // The table or the right to read it comes with the first migration.
      throw new SchemaOutdatedError(missing, { cause });
    });
  const applied = new Set(rows.map(({ name }) => name));
  if (!expected.every((name) => applied.has(name))) throw new SchemaOutdatedError(missing);
}

async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
