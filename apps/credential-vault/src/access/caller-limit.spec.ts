import { describe, expect, it } from '@jest/globals';
import { CallerLimit } from './caller-limit.js';
import { CallerLimitedError } from './caller-limited.error.js';

describe('CallerLimit', () => {
  it('lets a burst through, then the rate, and one service does not use up another’s', () => {
    let now = 0;
    const limit = new CallerLimit(10, () => now);
    for (let i = 0; i < 10; i += 1) limit.take('sync-worker');
    expect(() => limit.take('sync-worker')).toThrow(CallerLimitedError);
    limit.take('api');
    now = 100;
    limit.take('sync-worker');
    expect(() => limit.take('sync-worker')).toThrow(CallerLimitedError);
    now = 60_000;
    for (let i = 0; i < 10; i += 1) limit.take('sync-worker');
    expect(() => limit.take('sync-worker')).toThrow(CallerLimitedError);
  });

  it('tells how many it refused, once a second', () => {
    let now = 0;
    const limit = new CallerLimit(1, () => now);
    const refused = () => {
      try {
        limit.take('api');
      } catch (error) {
        return (error as CallerLimitedError).refused;
      }
      return 'taken';
    };
    expect(Array.from({ length: 5 }, refused)).toEqual(['taken', 1, 0, 0, 0]);
    now = 999;
    expect(refused()).toBe(0);
    now = 1_000;
    expect([refused(), refused()]).toEqual(['taken', 5]);
  });
});
