import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentCa, eventually, startPostgres, startRedis } from '@reunite/testing';
import type { RunningPostgres, RunningRedis } from '@reunite/testing';
import { openDataFolder } from './data-folder.js';
import { migrateDatabases } from './migrations.js';
import { claimPorts, freePort, portNames } from './ports.js';
import { certifiedServices, serviceEnvironments } from './services.js';
import type { ServiceName, ServiceSurroundings } from './services.js';

const workspaceRoot = join(import.meta.dirname, '../../..');
const RECOVERY_MS = 15_000;

/** Body of `/readyz`, with its HTTP status. */
interface Report {
  readonly http: number;
  readonly down: readonly string[];
  readonly degraded: readonly string[];
}

const ready = { http: 200, down: [], degraded: [] };

describe('services that start before PostgreSQL, Redis and the vault', () => {
  let root: string;
  let postgres: RunningPostgres;
  let redis: RunningRedis | undefined;
  let around: ServiceSurroundings;
  let redisPort: number;
  let healthPorts: Record<string, number>;
  const processes: ChildProcess[] = [];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'reunite-late-'));
    // PostgreSQL runs as another user if this process is root.
    await chmod(root, 0o755);
    const data = await openDataFolder(join(root, 'data'));
    const ports = await claimPorts(Object.fromEntries(portNames.map((name) => [name, 0])));
    postgres = await startPostgres({ directory: data.postgres, port: ports.postgres });
    await postgres.kill();
    redisPort = await freePort();
    healthPorts = {
      'credential-vault': await freePort(),
      'webhook-ingest': ports.ingest,
      'preview-host': ports.previewHost,
      'sync-worker': ports.worker,
      api: ports.api,
    };
    around = {
      ...{ workspaceRoot, data, ports },
      identities: await ensureDevelopmentCa(data.tls, certifiedServices),
      queueUrl: `redis://127.0.0.1:${redisPort}`,
      databaseUrl: (role) => postgres.url(role),
      logLevel: 'error',
      simulator: { scheme: 'http', environment: {} },
      system: { PATH: process.env['PATH'] ?? '' },
    };
  });
  afterAll(async () => {
    for (const child of processes) await kill(child);
    await redis?.stop();
    await postgres.stop();
    await rm(root, { recursive: true });
  });

  function start(service: ServiceName, env: Record<string, string> = {}): void {
    const script = join(workspaceRoot, 'apps', service, 'dist/main.js');
    const settings = { ...serviceEnvironments(around)[service], ...env };
    processes.push(spawn(process.execPath, [script], { env: settings, stdio: 'ignore' }));
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async function reportOf(service: string): Promise<Report> {
    const answer = await fetch(`http://127.0.0.1:${healthPorts[service]}/readyz`);
    const { down, degraded } = (await answer.json()) as Report;
    return { http: answer.status, down, degraded };
  }

  /** Waits until every service reports this. */
  async function untilReports(expected: Readonly<Record<string, Report>>): Promise<void> {
    let reports: Record<string, Report> = {};
    const services = Object.keys(expected);
    const read = async () => {
      reports = Object.fromEntries(await Promise.all(services.map(async (one) => [one, await reportOf(one)] as const)));
      return JSON.stringify(reports) === JSON.stringify(expected);
    };
    await eventually(read, { withinMs: RECOVERY_MS }).catch(() => expect(reports).toEqual(expected));
  }

  it('name what is missing, retry, and become ready when it comes, without an exit', async () => {
    const noDatabase = { http: 503, down: ['database', 'migrations'], degraded: [] };
    // On another port than the one that the others know.
    const port = String(await freePort());
    start('credential-vault', { PORT: port, METRICS_PORT: String(healthPorts['credential-vault']) });
    for (const service of ['webhook-ingest', 'preview-host', 'sync-worker', 'api'] as const) start(service);
    await untilReports({
      'credential-vault': noDatabase,
      'webhook-ingest': { http: 503, down: ['database', 'migrations'], degraded: ['queue'] },
      'preview-host': noDatabase,
      'sync-worker': { http: 503, down: ['database', 'migrations', 'queue'], degraded: [] },
      api: noDatabase,
    });

    await postgres.start();
    const noMigrations = { http: 503, down: ['migrations'], degraded: [] };
    await untilReports({
      'credential-vault': noMigrations,
      'webhook-ingest': { ...noMigrations, degraded: ['queue'] },
      'preview-host': noMigrations,
      api: noMigrations,
    });

    await migrateDatabases(around);
    await untilReports({
      'credential-vault': ready,
      'webhook-ingest': { http: 200, down: [], degraded: ['queue'] },
      'preview-host': ready,
      'sync-worker': { http: 503, down: ['queue'], degraded: [] },
      api: { http: 503, down: ['queue'], degraded: ['vault'] },
    });

    redis = await startRedis({ port: redisPort });
    await untilReports({
      'webhook-ingest': ready,
      'sync-worker': { http: 503, down: ['vault'], degraded: [] },
      api: { http: 200, down: [], degraded: ['vault'] },
    });

    start('credential-vault');
    await untilReports({ 'sync-worker': ready, api: ready });
    expect(processes.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual(processes.map(() => null));
  }, 90_000);
});
