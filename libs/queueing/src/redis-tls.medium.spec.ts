import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jobs } from '@reunite/contracts';
import { startRedis } from '@reunite/testing';
import type { RunningRedis } from '@reunite/testing';
import { Redis } from 'ioredis';
import { JobProducer, queueBackend } from './index.js';

const script = fileURLToPath(new URL('../../../deploy/tls/make-certificates.sh', import.meta.url));

describe('a queue in Redis with TLS', () => {
  let folder: string;
  let redis: RunningRedis;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reunite-redis-tls-'));
    for (const authority of ['ours', 'foreign']) await promisify(execFile)(script, [join(folder, authority)]);
    redis = await startRedis({ tlsFolder: join(folder, 'ours/redis') });
  });
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true });
  });

  const fileOf = (authority: string) => join(folder, authority, 'authority/ca.pem');

  /** Connects once, without the retries of a queue. */
  async function ping(url: string, authority?: string): Promise<string> {
    const tls = authority === undefined ? {} : { tls: { ca: await readFile(fileOf(authority)) } };
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, ...tls });
    const failed = new Promise<never>((_, reject) => client.once('error', reject));
    try {
      return await Promise.race([client.connect().then(() => client.ping()), failed]);
    } finally {
      client.disconnect();
    }
  }

  it('accepts jobs of clients that trust its authority', async () => {
    const producer = new JobProducer(queueBackend(redis.url, fileOf('ours')), () => undefined);
    try {
      await producer.add(jobs.syncRef, { refId: 'ref_1' });
    } finally {
      await producer.close();
    }
    expect(await ping(redis.url, 'ours')).toBe('PONG');
  });

  it('attack: a server that pretends to be Redis gets no password and no job', async () => {
    await expect(ping(redis.url, 'foreign')).rejects.toThrow(/certificate/);
    await expect(ping(redis.url)).rejects.toThrow(/certificate/);
  });

  it('attack: an eavesdropper on the network reads no jobs, because no client connects without TLS', async () => {
    await expect(ping(redis.url.replace('rediss:', 'redis:'))).rejects.toThrow();
  });
});
