import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, freePort, postgresPid } from '@reunite/testing';
import pg from 'pg';
import { SupervisedPostgres } from './supervised-postgres.js';

describe('SupervisedPostgres', () => {
  let folder: string;
  let postgres: SupervisedPostgres;
  let notices: string[];
  let running: Set<number>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'supervised-postgres-'));
    notices = [];
    running = new Set();
    postgres = await SupervisedPostgres.start(folder, await freePort(), {
      onStarted: (_name, pid) => running.add(pid),
      onEnded: () => running.clear(),
      onNotice: (text) => notices.push(text),
    });
  });
  afterEach(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  async function query(sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: postgres.url('reunite_bridge'), connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  it('restarts a killed server within ten seconds, with its data', async () => {
    await query('CREATE TABLE bridge.written AS SELECT 1 AS value');
    const killed = await postgresPid(folder);
    postgres.kill();
    const rows = await eventually(() => query('SELECT value FROM bridge.written'), { withinMs: 10_000 });
    expect(rows).toEqual([{ value: 1 }]);
    await eventually(() => notices.includes('PostgreSQL is running again.'));
    expect(notices[0]).toBe('PostgreSQL exited unexpectedly.\nPostgreSQL is being restarted.');
    expect(running).toEqual(new Set([await postgresPid(folder)]));
    expect(running).not.toContain(killed);
  });

  it('does not restart a stopped server', async () => {
    await postgres.stop();
    expect(notices).toEqual([]);
    await expect(query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  });
});
