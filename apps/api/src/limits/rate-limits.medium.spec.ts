import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startRedis } from '@reunite/testing';
import type { RunningRedis } from '@reunite/testing';
import { Redis } from 'ioredis';
import type { Caller } from '../auth/caller.js';
import { RateLimits } from './rate-limits.js';

const LIMITS = { callerPerMinute: 5, organizationPerMinute: 8 };

const caller = (subject: string, organizationId = 'org_a') => ({ subject, organizationId }) as Caller;

async function admitted(limits: RateLimits, who: Caller, requests: number): Promise<number> {
  let count = 0;
  for (let request = 0; request < requests; request++) {
    await limits.consume(who).then(
      () => (count += 1),
      () => undefined,
    );
  }
  return count;
}

describe('the rate limits of two replicas', () => {
  let redis: RunningRedis;
  const clients: Redis[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await redis.stop();
  });

  async function replica(): Promise<RateLimits> {
    const client = new Redis(redis.url, { enableOfflineQueue: false, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    clients.push(client);
    await eventually(() => client.status === 'ready');
    return new RateLimits(LIMITS, client);
  }

  it('attack: a caller gains nothing by spreading its requests over the replicas', async () => {
    const [first, second] = [await replica(), await replica()];
    expect(await admitted(first, caller('ada'), 3)).toBe(3);
    expect(await admitted(second, caller('ada'), 10)).toBe(2);
    expect(await admitted(second, caller('grace'), 10)).toBe(3);
    expect(await admitted(first, caller('mallory', 'org_b'), 3)).toBe(3);
  });

  it('are counted in each replica while Redis is unavailable', async () => {
    const limits = await replica();
    await redis.stop();
    expect(await admitted(limits, caller('hopper', 'org_c'), 10)).toBe(5);
  });
});
