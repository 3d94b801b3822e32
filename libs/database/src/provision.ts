import pg from 'pg';

/**
 * The login roles. `reunite_bridge` and `reunite_vault` own their schemas and run migrations; the vault service is the
 * only one that uses its owner at run time. The other services connect with a role of their own, which has the rights
 * that {@link grantServiceRights} gives it.
 */
export const databaseRoles = [
  'reunite_bridge',
  'reunite_vault',
  'reunite_api',
  'reunite_worker',
  'reunite_ingest',
  'reunite_preview',
] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

/** Schemas and their owners. */
const SCHEMAS = { bridge: 'reunite_bridge', queue: 'reunite_bridge', vault: 'reunite_vault' } as const;

const DATABASE = 'reunite';

/**
 * Creates roles, database and schemas if they are missing, and sets the roles' passwords. Safe to run at every start.
 *
 * @param superuserUrl URL of a role that may create roles and databases, on any database of the server
 */
export async function provisionDatabase(superuserUrl: string, passwords: Record<DatabaseRole, string>): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    for (const role of databaseRoles) {
      const existing = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      const verb = existing.rowCount === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(passwords[role])}`);
    }
    const existing = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (existing.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  const target = new URL(superuserUrl);
  target.pathname = DATABASE;
  await withClient(target.href, async (client) => {
    await client.query(`REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`);
    for (const role of databaseRoles) await client.query(`GRANT CONNECT ON DATABASE ${DATABASE} TO ${role}`);
    // BullMQ's migrations run CREATE SCHEMA IF NOT EXISTS, which requires CREATE even if the schema exists.
    await client.query(`GRANT CREATE ON DATABASE ${DATABASE} TO reunite_bridge`);
    for (const [schema, owner] of Object.entries(SCHEMAS)) {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${owner}`);
    }
    // Services set it when they connect, which PgBouncer ignores.
    for (const role of databaseRoles) {
      const schema = role === 'reunite_vault' ? 'vault' : 'bridge';
      await client.query(`ALTER ROLE ${role} IN DATABASE ${DATABASE} SET search_path = ${schema}`);
    }
  });
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
