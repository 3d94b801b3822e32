import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, freePort, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { createDataSource } from './data-source.js';
import { LiveEventListener } from './live-events.js';

const isInstalled = await promisify(execFile)('pgbouncer', ['--version']).then(
  () => true,
  () => false,
);
// Skipped without PgBouncer (apt-get install pgbouncer).
/** A user without rights: PgBouncer does not run as root. */
const UNPRIVILEGED_UID = 65_534;

(isInstalled ? describe : describe.skip)('behind PgBouncer in transaction mode', () => {
  let folder: string;
  let postgres: RunningPostgres;
  let bouncer: ChildProcess;
  let url: string;
  let dataSource: DataSource;

  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
    await chmod(folder, 0o755);
    const direct = new URL(postgres.url('reunite_api'));
    const port = await freePort();
    const users = join(folder, 'users');
    await writeFile(users, `"reunite_api" "${direct.password}"\n`);
    const config = join(folder, 'pgbouncer.ini');
    await writeFile(
      config,
      `[databases]\nreunite = host=127.0.0.1 port=${postgres.port}\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=${port}\n` +
        `unix_socket_dir=\nauth_type=plain\nauth_file=${users}\npool_mode=transaction\ndefault_pool_size=2\n` +
        'ignore_startup_parameters=options,extra_float_digits\n',
    );
    const owner = process.getuid?.() === 0 ? { uid: UNPRIVILEGED_UID, gid: UNPRIVILEGED_UID } : {};
    bouncer = spawn('pgbouncer', ['--quiet', config], { ...owner, stdio: 'ignore' });
    direct.port = String(port);
    url = direct.href;
    dataSource = createDataSource({ url, schema: 'bridge', entities: [] });
    await eventually(() => dataSource.initialize().then(Boolean, () => false), { what: 'PgBouncer answers' });
  });
  afterAll(async () => {
    await dataSource.destroy();
    bouncer.kill('SIGINT');
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  it('has the search path of its role, although PgBouncer ignores startup parameters', async () => {
    expect(await dataSource.query('SHOW search_path')).toEqual([{ search_path: 'bridge' }]);
  });

  it('keeps locks of concurrent transactions apart on fewer connections than clients', async () => {
    let running = 0;
    const one = () =>
      dataSource.transaction(async (db) => {
        await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['quota projects org_1']);
        running += 1;
        const atOnce = running;
        await db.query('SELECT 1');
        running -= 1;
        return atOnce;
      });
    expect(await Promise.all(Array.from({ length: 6 }, one))).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await dataSource.query(`SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory'`)).toEqual([
      { locks: 0 },
    ]);
  });

  it('sends notifications, which a direct connection receives', async () => {
    const errors: unknown[] = [];
    const listener = new LiveEventListener(postgres.url('reunite_api'), {
      onEvent: () => undefined,
      onSessionEnd: () => undefined,
      onGap: () => undefined,
      onError: (error) => errors.push(error),
    });
    await listener.start();
    await dataSource.query(`SELECT pg_notify('live_event', 'no JSON')`);
    await eventually(() => errors.length > 0, { what: 'the notification arrives' });
    await listener.close();
  });
});
