import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { migrateBridge } from '@reunite/database';
import { shardOf } from '@reunite/deliveries';
import { migrateQueueBackend, queueBackend } from '@reunite/queueing';
import { ensureDevelopmentCa, eventually, startPostgres } from '@reunite/testing';
import type { DevelopmentIdentity, RunningPostgres } from '@reunite/testing';
import pg from 'pg';
import { headersFor, insertConnection, SECRET } from '../test/test-ingest.js';
import { startVaultServer } from '../test/vault-server.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

// A process of its own needs the build; the journey of the whole stack always has it.
(existsSync(main) ? describe : describe.skip)('the process of webhook-ingest', () => {
  let postgres: RunningPostgres;
  let pool: pg.Pool;
  let queue: ReturnType<ReturnType<typeof queueBackend>['queue']>;
  let vault: Awaited<ReturnType<typeof startVaultServer>>;
  let identity: DevelopmentIdentity;
  let directory: string;
  const connectionId = newId('connection');
  const processes: ChildProcess[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reunite-ingest-'));
    const identities = await ensureDevelopmentCa(directory, ['credential-vault', 'webhook-ingest']);
    identity = identities['webhook-ingest'];
    vault = await startVaultServer(identities['credential-vault'], [SECRET]);
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    await migrateBridge(url);
    await migrateQueueBackend(url);
    pool = new pg.Pool({ connectionString: url, options: '-c search_path=bridge', max: 2 });
    queue = queueBackend(url).queue('deliveries', {});
    await insertConnection(pool, connectionId, 7);
  });
  afterEach(() => {
    for (const child of processes.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await queue.close();
    await pool.end();
    vault.stop();
    await postgres.stop();
    await rm(directory, { recursive: true });
  });

  async function start(): Promise<{ child: ChildProcess; origin: string }> {
    const url = postgres.url('reunite_ingest');
    const tls = {
      TLS_CA_FILE: identity.caFile,
      TLS_CERT_FILE: identity.certFile,
      TLS_KEY_FILE: identity.keyFile,
    };
    const env = { PORT: '0', DATABASE_URL: url, QUEUE_URL: url, VAULT_ADDRESS: vault.address, ...tls };
    const child = spawn(process.execPath, [main], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    processes.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { port } = JSON.parse(line.toString()) as { port: number };
    return { child, origin: `http://127.0.0.1:${port}` };
  }

  async function post(origin: string, guid: string): Promise<number> {
    const headers = headersFor({ headers: { 'x-github-delivery': guid } });
    return (await fetch(`${origin}/webhooks/github/${connectionId}`, { method: 'POST', headers, body: '{}' })).status;
  }

  it('P1: has stored every accepted delivery when it is killed, and the next process wakes the worker for them', async () => {
    const { child, origin } = await start();
    const accepted: string[] = [];
    const sender = async () => {
      for (;;) {
        const guid = randomUUID();
        if ((await post(origin, guid)) === 202) accepted.push(guid);
      }
    };
    const senders = Promise.allSettled(Array.from({ length: 16 }, sender));
    await eventually(() => accepted.length > 200);
    child.kill('SIGKILL');
    await senders;

    const rows = async () => (await pool.query<{ guid: string }>('SELECT guid FROM webhook_delivery')).rows;
    const stored = new Set((await rows()).map(({ guid }) => guid));
    expect(accepted.filter((guid) => !stored.has(guid))).toEqual([]);
    for (const job of await queue.getJobs(['waiting'])) await job.remove();
    await start();
    const woken = async () => (await queue.getJobs(['waiting'])).map(({ data }) => (data as { shard: number }).shard);
    await eventually(async () => (await woken()).includes(shardOf(connectionId)));
  });

  it('ends on SIGTERM by itself, with exit code 0', async () => {
    const { child, origin } = await start();
    expect(await post(origin, randomUUID())).toBe(202);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
