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
});
