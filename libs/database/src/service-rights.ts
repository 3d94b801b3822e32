import pg from 'pg';
import { bridgeMigrations } from './bridge-migrations.js';
import { migrate } from './data-source.js';

/** Roles of services that connect to schema `bridge`. */
export type ServiceRole = 'reunite_api' | 'reunite_worker' | 'reunite_ingest' | 'reunite_preview';

/** A service is not ready before the migrations of its release have been run. */
const MIGRATION_RIGHTS = ['SELECT (name)'];

/**
 * Rights of each service in schema `bridge`, per table; `*` stands for every table that is not named. A service that is
 * reachable from outside without credentials gets single columns.
 */
export const bridgeRights: Readonly<Record<ServiceRole, Readonly<Record<string, readonly string[]>>>> = {
  reunite_api: {
    '*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    // Append-only.
    activity: ['SELECT', 'INSERT'],
    migration: MIGRATION_RIGHTS,
  },
  reunite_worker: {
    '*': ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    // Rows of these tables are the proof that a user asked for a change: only the API inserts them.
    user_action: ['SELECT', 'UPDATE (job_id)', 'DELETE'],
    commit_request: ['SELECT', 'UPDATE', 'DELETE'],
    commit_request_file: ['SELECT', 'DELETE'],
    upload: ['SELECT', 'DELETE'],
    upload_piece: ['SELECT'],
    idempotency_key: ['SELECT', 'DELETE'],
    activity: [],
    ended_session: [],
    migration: MIGRATION_RIGHTS,
  },
  reunite_ingest: {
    migration: MIGRATION_RIGHTS,
    connection: ['SELECT (id, app_id, origin, created_at)'],
    // Payloads can be added here, not read. Other columns than these are written by the worker only.
    webhook_delivery: [
      'SELECT (id, key, processed_at, failed_at)',
      'INSERT (id, connection_id, shard, key, guid, event, form, size, enterprise_host, enterprise_version, traceparent)',
      'UPDATE (failed_at)',
    ],
    webhook_payload: ['INSERT'],
    // The inbox of earlier releases, until none of their replicas runs any longer.
    delivery: [
      'SELECT (id, connection_id, guid, received_at, enqueued_at, processed_at, failed_at)',
      'INSERT (id, connection_id, guid, event, enterprise_host, enterprise_version, body)',
      'UPDATE (enqueued_at, failed_at)',
    ],
  },
  reunite_preview: {
    migration: MIGRATION_RIGHTS,
    deployment: ['SELECT (id, project_id, environment, current, state)'],
    project: ['SELECT (id)'],
  },
};

/** Functions of schema `bridge` that a role may call; they run with the rights of the owner. */
const FUNCTION_RIGHTS: Partial<Record<ServiceRole, readonly string[]>> = {
  reunite_worker: [
    // The worker has no right on the activity log itself.
    'delete_old_activity',
    // The worker does not own the tables of deliveries.
    'delivery_id_at',
    'create_delivery_partitions',
    'drop_delivery_partitions',
  ],
};

/** Queues of BullMQ's PostgreSQL back end that a role may use; `*` is every queue. */
const QUEUE_RIGHTS: Partial<Record<ServiceRole, string>> = {
  reunite_api: '*',
  reunite_worker: '*',
  reunite_ingest: 'deliveries',
};

/** Migrates schema `bridge`, then sets the rights of the services' roles. Safe to run at every start. */
export async function migrateBridge(ownerUrl: string): Promise<void> {
  await migrate({ url: ownerUrl, schema: 'bridge', entities: [], migrations: bridgeMigrations });
  await asOwner(ownerUrl, grantBridgeRights);
}

/**
 * Sets the rights on BullMQ's tables, where the queues are in PostgreSQL: row-level security limits a role to its queues.
 *
 * @param queues every queue; BullMQ creates the sequence of a queue's job ids with its first job, which only the owner may do
 */
export async function grantQueueRights(ownerUrl: string, queues: readonly string[]): Promise<void> {
  await asOwner(ownerUrl, async (client) => {
    for (const queue of queues) {
      const { rows } = await client.query<{ name: string }>('SELECT queue.job_id_seq_name($1) AS name', [queue]);
      await client.query(`CREATE SEQUENCE IF NOT EXISTS queue.${rows[0]?.name ?? ''}`);
    }
    const tables = await queueTables(client);
    for (const [role, queue] of Object.entries(QUEUE_RIGHTS)) {
      await client.query(`GRANT USAGE ON SCHEMA queue TO ${role}`);
      await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA queue TO ${role}`);
      await client.query(`GRANT SELECT ON queue.migration TO ${role}`);
      for (const { table, column, policies } of tables) {
        const condition = queue === '*' ? 'true' : `${column} = ${client.escapeLiteral(queue)}`;
        await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON queue.${table} TO ${role}`);
        // Both statements take an exclusive lock on the table, so they run once and not at every start.
        if (policies.includes(role)) continue;
        await client.query(`ALTER TABLE queue.${table} ENABLE ROW LEVEL SECURITY`);
        await client.query(`CREATE POLICY ${role} ON queue.${table} TO ${role} USING (${condition})`);
      }
    }
  });
}

interface QueueTable {
  readonly table: string;
  /** The column with the name of the queue. */
  readonly column: string;
  /** Roles that have a policy. */
  readonly policies: readonly string[];
}

/** BullMQ's tables that belong to queues. Its relay tables are not used here: no role may read them. */
async function queueTables(client: pg.Client): Promise<QueueTable[]> {
  const { rows } = await client.query<QueueTable>(
    `SELECT c.table_name AS table, c.column_name AS column,
            ARRAY(SELECT p.policyname::text FROM pg_policies p
                   WHERE p.schemaname = 'queue' AND p.tablename = c.table_name) AS policies
       FROM information_schema.columns c
      WHERE c.table_schema = 'queue'
        AND (c.column_name = 'queue' OR (c.table_name = 'job_dependency' AND c.column_name = 'parent_queue'))`,
  );
  return rows;
}

async function grantBridgeRights(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tablename: string }>(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'bridge'`,
  );
  for (const [role, rights] of Object.entries(bridgeRights)) {
    await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA bridge FROM ${role}`);
    await client.query(`GRANT USAGE ON SCHEMA bridge TO ${role}`);
    for (const { tablename } of rows) {
      const granted = rights[tablename] ?? rights['*'] ?? [];
      if (granted.length > 0) await client.query(`GRANT ${granted.join(', ')} ON bridge.${tablename} TO ${role}`);
    }
  }
  for (const [role, names] of Object.entries(FUNCTION_RIGHTS)) {
    for (const name of names) await client.query(`GRANT EXECUTE ON FUNCTION bridge.${name} TO ${role}`);
  }
}

/** Runs `use` in a transaction under an advisory lock, so that a service never sees its rights half revoked. */
async function asOwner(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('service-rights'))`);
    await use(client);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
