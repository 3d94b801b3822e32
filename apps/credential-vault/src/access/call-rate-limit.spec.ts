import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CallRateLimit } from './call-rate-limit.js';
import { CallRateLimitedError } from './rate-limited.error.js';

describe('CallRateLimit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('rejects calls above the rate, per key, until the second is over', async () => {
    const limit = new CallRateLimit('Service', 10);
    for (let i = 0; i < 10; i += 1) await limit.consume('sync-worker');
    await expect(limit.consume('sync-worker')).rejects.toThrow(CallRateLimitedError);
    await limit.consume('api');
    jest.advanceTimersByTime(1_001);
    for (let i = 0; i < 10; i += 1) await limit.consume('sync-worker');
    await expect(limit.consume('sync-worker')).rejects.toThrow('Service sync-worker makes more than 10 calls');
  });

  it('reports the number of rejected calls once per second', async () => {
    const limit = new CallRateLimit('Organization', 1);
    const attempt = () =>
      limit.consume('org').then(
        () => 'accepted',
        (error: unknown) => (error as CallRateLimitedError).rejected,
      );
    const attempts = [];
    for (let i = 0; i < 5; i += 1) attempts.push(await attempt());
    expect(attempts).toEqual(['accepted', 1, 0, 0, 0]);
    jest.advanceTimersByTime(1_001);
    expect([await attempt(), await attempt()]).toEqual(['accepted', 4]);
  });
});
