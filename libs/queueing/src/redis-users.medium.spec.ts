import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { eventually, startRedis } from '@reunite/testing';
import type { RunningRedis } from '@reunite/testing';
import { Redis } from 'ioredis';
import { JobProducer, JobWorkers, queueBackend } from './index.js';
import type { JobHandlers } from './index.js';

const script = fileURLToPath(new URL('../../../deploy/redis/make-users.sh', import.meta.url));
const passwords = { api: 'a1', 'sync-worker': 'b2', 'webhook-ingest': 'c3' } as const;
type User = keyof typeof passwords;

describe('the users of Redis', () => {
  let folder: string;
  let redis: RunningRedis;
  const clients: Redis[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reunite-acl-'));
    for (const [user, password] of Object.entries(passwords)) {
      await writeFile(join(folder, `redis-${user}`), `${password}\n`);
    }
    await promisify(execFile)(script, [folder, join(folder, 'users.acl')]);
    redis = await startRedis({ aclFile: join(folder, 'users.acl') });
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  const urlOf = (user: User) => redis.url.replace('redis://', `redis://${user}:${passwords[user]}@`);
  const connect = (url: string) => {
    const client = new Redis(url, { maxRetriesPerRequest: 0, lazyConnect: true, enableReadyCheck: false });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const outcome = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      (error: unknown) => String(error),
    );

  it('are written without passwords in clear', async () => {
    const acl = await readFile(join(folder, 'users.acl'), 'utf8');
    for (const password of Object.values(passwords)) expect(acl).not.toContain(`>${password}`);
  });

  it('let ingest add deliveries, the API and the worker use all queues', async () => {
    const received: unknown[] = [];
    const handle = (payload: unknown) => {
      received.push(payload);
      return Promise.resolve(null);
    };
    const handlers = Object.fromEntries(Object.keys(jobs).map((key) => [key, { handle }])) as unknown as JobHandlers;
    const userActions = { claim: () => Promise.resolve(null), remove: () => Promise.resolve() };
    const settings = { concurrency: {}, userActions, onError: () => undefined };
    const workers = await JobWorkers.start(queueBackend(urlOf('sync-worker')), handlers, settings);
    const ingest = new JobProducer(queueBackend(urlOf('webhook-ingest')), () => undefined);
    await ingest.addMany(jobs.processInbox, [{ shard: 0 }, { shard: 1 }]);
    const api = new JobProducer(queueBackend(urlOf('api')), () => undefined);
    await api.add(jobs.syncRef, { refId: 'ref_1' });
    await eventually(() => received.length === 3);
    await Promise.all([workers.close(), ingest.close(), api.close()]);
  });

  it('attack: a shell in webhook-ingest reaches the keys of its queue only, and no administration', async () => {
    const ingest = connect(urlOf('webhook-ingest'));
    const foreign = 'bull:repository-changes:1';
    expect(await outcome(ingest.lpush('bull:deliveries:probe', '1'))).toBe('ok');
    const attempts = {
      read: () => ingest.hgetall(foreign),
      write: () => ingest.lpush('bull:repository-changes:wait', '1'),
      script: () => ingest.eval(`return redis.call('SET', KEYS[1], '1')`, 1, foreign),
      'undeclared key in a script': () => ingest.eval(`return redis.call('SET', '${foreign}', '1')`, 0),
      subscribe: () => ingest.subscribe('anything'),
      keys: () => ingest.keys('*'),
      flush: () => ingest.flushall(),
      config: () => ingest.config('GET', '*'),
      acl: () => ingest.acl('LIST'),
      clients: () => ingest.call('CLIENT', 'LIST'),
      shutdown: () => ingest.shutdown(),
      replicate: () => ingest.replicaof('127.0.0.1', 1),
      'load a function': () => ingest.call('FUNCTION', 'LOAD', '#!lua name=planted'),
    };
    for (const [name, attempt] of Object.entries(attempts)) {
      const result = await outcome(attempt());
      expect([name, result]).toEqual([name, expect.stringMatching(/NOPERM|The user executing the script can't/)]);
    }
  });

  it('attack: no client connects without a password', async () => {
    expect(await outcome(connect(redis.url).get('x'))).toMatch(/NOAUTH/);
    expect(await outcome(connect(redis.url.replace('redis://', 'redis://webhook-ingest:guessed@')).get('x'))).not.toBe(
      'ok',
    );
    const health = connect(redis.url.replace('redis://', 'redis://health:-@'));
    expect(await outcome(health.ping())).toBe('ok');
    expect(await outcome(health.get('bull:deliveries:probe'))).toMatch(/NOPERM/);
  });
});
