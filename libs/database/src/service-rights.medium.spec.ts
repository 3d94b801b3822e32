import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import { bridgeRights, migrateBridge } from './index.js';
import type { DatabaseRole } from './index.js';

/** A row of `connection` that every column without a default needs. */
const CONNECTION = `INSERT INTO bridge.connection (id, organization_id, name, origin, owner, status, created_by)
  VALUES ('con_a', 'org_a', 'a', 'https://ghes.example.com', 'acme', 'connected', 'usr_a')`;

describe('the database rights of services', () => {
  let postgres: RunningPostgres;
  const clients = new Map<string, pg.Client>();

  beforeAll(async () => {
    postgres = await startPostgres();
    await migrateBridge(postgres.url('reunite_bridge'));
    await (await as('reunite_bridge')).query(CONNECTION);
  });
  afterAll(async () => {
    await Promise.all([...clients.values()].map((client) => client.end()));
    await postgres.stop();
  });

  async function as(role: DatabaseRole): Promise<pg.Client> {
    const existing = clients.get(role);
    if (existing) return existing;
    const client = new pg.Client({ connectionString: postgres.url(role) });
    clients.set(role, client);
    await client.connect();
    return client;
  }

  /** The SQLSTATE of a failed statement, or `ok`. The statement has no effect. */
  async function tried(role: DatabaseRole, statement: string): Promise<string> {
    const client = await as(role);
    await client.query('BEGIN');
    try {
      await client.query(statement);
      return 'ok';
    } catch (error) {
      return String((error as { code?: string }).code);
    } finally {
      await client.query('ROLLBACK');
    }
  }

  const tables = async (schema: string) =>
    (
      await (
        await as('reunite_bridge')
      ).query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1', [schema])
    ).rows.map(({ name }) => name);

  const DENIED = '42501';

  /** Every table of the schema that the role can read or change in any way. */
  async function reachable(role: DatabaseRole): Promise<string[]> {
    const reached: string[] = [];
    for (const table of await tables('bridge')) {
      const attempts = [
        `SELECT * FROM bridge.${table}`,
        `SELECT count(*) FROM bridge.${table}`,
        `DELETE FROM bridge.${table}`,
        `TRUNCATE bridge.${table} CASCADE`,
        `ALTER TABLE bridge.${table} ADD COLUMN planted text`,
        `GRANT ALL ON bridge.${table} TO ${role}`,
      ];
      for (const attempt of attempts) {
        const outcome = await tried(role, attempt);
        // GRANT of rights that one does not have is a warning, not an error: it must not have worked.
        if (outcome === 'ok' && !attempt.startsWith('GRANT')) reached.push(attempt);
      }
    }
    return reached;
  }

  it('attack: a shell in webhook-ingest adds deliveries, and neither reads payloads nor touches other tables', async () => {
    expect(await reachable('reunite_ingest')).toEqual([
      'SELECT count(*) FROM bridge.connection',
      'SELECT count(*) FROM bridge.delivery',
      'SELECT count(*) FROM bridge.migration',
      'SELECT count(*) FROM bridge.webhook_delivery',
    ]);
    const statements = {
      'SELECT id, app_id, origin FROM bridge.connection': 'ok',
      'SELECT organization_id FROM bridge.connection': DENIED,
      'SELECT owner, permissions FROM bridge.connection': DENIED,
      [`UPDATE bridge.connection SET origin = 'https://evil.example'`]: DENIED,
      [CONNECTION]: DENIED,
      [`INSERT INTO bridge.webhook_delivery (id, connection_id, shard, key, guid, event, size)
          VALUES ('dlv_a', 'con_a', 0, gen_random_uuid(), 'g', 'push', 1)`]: 'ok',
      [`INSERT INTO bridge.webhook_payload VALUES ('dlv_a', 0, '{')`]: 'ok',
      'SELECT bytes FROM bridge.webhook_payload': DENIED,
      [`UPDATE bridge.webhook_payload SET bytes = ''`]: DENIED,
      'SELECT id, key, processed_at FROM bridge.webhook_delivery': 'ok',
      'SELECT event, outcome FROM bridge.webhook_delivery': DENIED,
      'UPDATE bridge.webhook_delivery SET failed_at = NULL': 'ok',
      'UPDATE bridge.webhook_delivery SET processed_at = now()': DENIED,
      'DELETE FROM bridge.webhook_delivery': DENIED,
      'SELECT bridge.drop_delivery_partitions(now())': DENIED,
      'SELECT body FROM bridge.delivery': DENIED,
      [`INSERT INTO bridge.user_action (id, job, payload) VALUES ('act_a', 'create-branch', '{}')`]: DENIED,
      'SELECT 1 FROM vault.connection': DENIED,
      'CREATE TABLE bridge.planted (id int)': DENIED,
      'CREATE SCHEMA planted': DENIED,
      'SET ROLE reunite_bridge': DENIED,
      "COPY bridge.webhook_delivery TO PROGRAM 'id'": DENIED,
    };
    for (const [statement, outcome] of Object.entries(statements)) {
      expect([statement, await tried('reunite_ingest', statement)]).toEqual([statement, outcome]);
    }
  });

  it('attack: a shell in preview-host reads which deployments are live, and nothing else', async () => {
    expect(await reachable('reunite_preview')).toEqual([
      'SELECT count(*) FROM bridge.deployment',
      'SELECT count(*) FROM bridge.migration',
      'SELECT count(*) FROM bridge.project',
    ]);
    const statements = {
      'SELECT id, project_id, environment, current, state FROM bridge.deployment': 'ok',
      'SELECT commit FROM bridge.deployment': DENIED,
      'SELECT id FROM bridge.project': 'ok',
      'SELECT organization_id, name FROM bridge.project': DENIED,
      [`UPDATE bridge.project SET repository_id = 'rep_other'`]: DENIED,
      'SELECT id FROM bridge.connection': DENIED,
      'SELECT count(*) FROM queue.job': DENIED,
      'SELECT 1 FROM vault.connection': DENIED,
      'SET ROLE reunite_bridge': DENIED,
    };
    for (const [statement, outcome] of Object.entries(statements)) {
      expect([statement, await tried('reunite_preview', statement)]).toEqual([statement, outcome]);
    }
  });

  it('attack: a shell in the worker cannot make a request on behalf of a user', async () => {
    const insert = `INSERT INTO bridge.user_action (id, job, payload) VALUES ('act_a', 'create-branch', '{}')`;
    expect(await tried('reunite_worker', insert)).toBe(DENIED);
    expect(await tried('reunite_worker', `UPDATE bridge.user_action SET payload = '{}'`)).toBe(DENIED);
    expect(await tried('reunite_worker', `UPDATE bridge.user_action SET job_id = '1'`)).toBe('ok');
    expect(await tried('reunite_worker', 'INSERT INTO bridge.commit_request DEFAULT VALUES')).toBe(DENIED);
    expect(await tried('reunite_api', insert)).toBe('ok');
    for (const role of ['reunite_worker', 'reunite_api'] as const) {
      expect(await tried(role, 'SELECT 1 FROM vault.connection')).toBe(DENIED);
      expect(await tried(role, 'CREATE TABLE bridge.planted (id int)')).toBe(DENIED);
      expect(await tried(role, 'DROP TABLE bridge.connection CASCADE')).toBe(DENIED);
      expect(await tried(role, 'DELETE FROM bridge.migration')).toBe(DENIED);
    }
  });

  it('attack: a shell in the worker deletes what is old in the activity log, and neither reads nor removes the rest', async () => {
    const client = await as('reunite_bridge');
    await client.query(
      `INSERT INTO bridge.activity (id, organization_id, subject, name, session_id, action, protocol, outcome, at)
       SELECT 'atv_' || days, 'org_a', 'usr_a', 'Ada', 's', 'project.delete', 'http', 'ok', now() - make_interval(days => days)
       FROM unnest(ARRAY[0, 29, 31, 400]) AS days`,
    );
    const left = async () =>
      (await client.query<{ id: string }>('SELECT id FROM bridge.activity ORDER BY at DESC')).rows.map(({ id }) => id);
    for (const statement of ['SELECT 1 FROM bridge.activity', 'DELETE FROM bridge.activity']) {
      expect(await tried('reunite_worker', statement)).toBe(DENIED);
    }
    const worker = await as('reunite_worker');
    expect((await worker.query('SELECT bridge.delete_old_activity(365, 10) AS deleted')).rows).toEqual([
      { deleted: 1 },
    ]);
    expect(await left()).toEqual(['atv_0', 'atv_29', 'atv_31']);
    expect((await worker.query('SELECT bridge.delete_old_activity(-1, 10) AS deleted')).rows).toEqual([{ deleted: 1 }]);
    expect(await left()).toEqual(['atv_0', 'atv_29']);
    for (const role of ['reunite_api', 'reunite_ingest', 'reunite_preview'] as const) {
      expect(await tried(role, 'SELECT bridge.delete_old_activity(365, 10)')).toBe(DENIED);
    }
  });

  it('names only tables that exist', async () => {
    const existing = await tables('bridge');
    const named = Object.values(bridgeRights)
      .flatMap((rights) => Object.keys(rights))
      .filter((name) => name !== '*');
    expect(named.filter((name) => !existing.includes(name))).toEqual([]);
  });

  it('are the same after another migration', async () => {
    await migrateBridge(postgres.url('reunite_bridge'));
    expect(await tried('reunite_ingest', 'SELECT id, app_id, origin FROM bridge.connection')).toBe('ok');
    expect(await tried('reunite_ingest', 'SELECT bytes FROM bridge.webhook_payload')).toBe(DENIED);
  });
});
