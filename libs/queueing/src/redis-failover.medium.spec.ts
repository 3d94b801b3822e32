import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually, freePort } from '@reunite/testing';
import { Redis } from 'ioredis';
import { JobProducer, JobWorkers, openRedis, queueBackend, queueDependency, redisServers } from './index.js';
import type { JobHandlers } from './index.js';

describe('a queue in several servers of Redis', () => {
  let folder: string;
  let servers: ChildProcess[];
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reunite-redis-servers-'));
    servers = [];
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
    for (const server of servers) await kill(server);
    await rm(folder, { recursive: true });
  });

  async function start(port: number, ...args: string[]): Promise<ChildProcess> {
    const common = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    const server = spawn('redis-server', [...args, ...common], { stdio: 'ignore' });
    servers.push(server);
    await eventually(() => command(port, 'PING'), { what: 'redis-server answers' });
    return server;
  }

  async function kill(server: ChildProcess): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  async function command(port: number, name: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await client.call(name, ...args);
    } finally {
      client.disconnect();
    }
  }

  /** Runs workers. @returns the payloads that they receive */
  async function runWorkers(url: string): Promise<unknown[]> {
    const received: unknown[] = [];
    const handle = (payload: unknown) => {
      received.push(payload);
      return Promise.resolve(null);
    };
    const handlers = Object.fromEntries(Object.keys(jobs).map((key) => [key, { handle }])) as unknown as JobHandlers;
    const userActions = { claim: () => Promise.resolve(null), remove: () => Promise.resolve() };
    const settings = { concurrency: {}, userActions, onError: () => undefined };
    const workers = await JobWorkers.start(queueBackend(url), handlers, settings);
    closing.push(() => workers.close());
    return received;
  }

  function produce(url: string): JobProducer {
    const producer = new JobProducer(queueBackend(url), () => undefined);
    closing.push(() => producer.close());
    return producer;
  }

  it('follows the primary that Sentinel elects after the death of the first one', async () => {
    const [primary, replica, sentinel] = [await freePort(), await freePort(), await freePort()];
    const first = await start(primary, '--save', '');
    await start(replica, '--save', '', '--replicaof', `127.0.0.1 ${primary}`);
    await eventually(async () =>
      String(await command(replica, 'INFO', 'replication')).includes('master_link_status:up'),
    );
    const file = join(folder, 'sentinel.conf');
    const rules = ['down-after-milliseconds main 500', 'failover-timeout main 2000'];
    const lines = [`monitor main 127.0.0.1 ${primary} 1`, ...rules].map((rule) => `sentinel ${rule}\n`);
    await writeFile(file, lines.join(''));
    await start(sentinel, file, '--sentinel');
    await eventually(async () => String(await command(sentinel, 'INFO', 'sentinel')).includes('slaves=1'));

    const url = `redis://127.0.0.1:${sentinel}/0?sentinel=main`;
    await queueDependency(url).check();
    const received = await runWorkers(url);
    const producer = produce(url);
    await producer.add(jobs.syncRef, { refId: 'ref_before' });
    await eventually(() => received.length === 1);
    await kill(first);
    // As ingest does: a job that cannot be added is added again.
    const added = () => producer.add(jobs.syncRef, { refId: 'ref_after' }).then(() => true);
    await eventually(added, { withinMs: 20_000, what: 'the new primary accepts jobs' });
    await eventually(() => received.some((payload) => (payload as { refId: string }).refId === 'ref_after'), {
      withinMs: 20_000,
      what: 'the worker uses the new primary',
    });
    await queueDependency(url).check();
  });

  it('adds and runs jobs, and counts requests, in a cluster of three nodes', async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const last = 16_383;
    for (const [index, port] of ports.entries()) {
      const bus = ['--cluster-port', String(await freePort()), '--cluster-config-file', `nodes-${port}.conf`];
      await start(port, '--save', '', '--cluster-enabled', 'yes', ...bus);
      const [from, to] = [index, index + 1].map((part) => Math.floor((part * (last + 1)) / ports.length));
      await command(port, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1));
    }
    const [first = 0, ...others] = ports;
    const buses = await Promise.all(others.map((port) => command(port, 'CONFIG', 'GET', 'cluster-port')));
    for (const [index, port] of others.entries()) {
      const [, bus] = buses[index] as [string, string];
      await command(first, 'CLUSTER', 'MEET', '127.0.0.1', String(port), bus);
    }
    const isComplete = async (port: number) => {
      const info = String(await command(port, 'CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes('cluster_size:3');
    };
    for (const port of ports) await eventually(() => isComplete(port), { what: 'the cluster is complete' });

    const url = `redis://127.0.0.1:${first}?cluster=true&nodes=127.0.0.1:${others[0]}`;
    await queueDependency(url).check();
    const received = await runWorkers(url);
    const producer = produce(url);
    await producer.addMany(jobs.processInbox, [{ shard: 0 }, { shard: 1 }]);
    await producer.add(jobs.syncRef, { refId: 'ref_1' });
    await eventually(() => received.length === 3);
    expect(await producer.depth(jobs.processInbox.queue)).toBe(0);

    const counters = openRedis(redisServers(url), { enableOfflineQueue: false });
    closing.push(() => counters.quit());
    await once(counters, 'ready');
    expect(await Promise.all(['a', 'b', 'c'].map((caller) => counters.incr(`rate:caller:${caller}`)))).toEqual([
      1, 1, 1,
    ]);
  });
});
