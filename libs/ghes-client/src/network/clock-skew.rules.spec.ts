import { describe, expect, it } from '@jest/globals';
import { clockSkewOf } from './clock-skew.rules.js';

const now = Date.parse('2026-01-01T00:00:10Z');

describe('clockSkewOf', () => {
  it('is the server clock minus ours, in whole seconds', () => {
    expect(clockSkewOf({ date: 'Thu, 01 Jan 2026 00:00:10 GMT' }, now, now + 900)).toBe(0);
    expect(clockSkewOf({ date: 'Thu, 01 Jan 2026 00:05:10 GMT' }, now, now + 900)).toBe(300);
    expect(clockSkewOf({ date: 'Wed, 31 Dec 2025 23:59:10 GMT' }, now, now + 900)).toBe(-60);
  });

  it('is unknown if the date is cached, missing or invalid', () => {
    expect(clockSkewOf({ date: 'Thu, 01 Jan 2026 00:05:10 GMT', age: '300' }, now, now)).toBeUndefined();
    expect(clockSkewOf({}, now, now)).toBeUndefined();
    expect(clockSkewOf({ date: 'tomorrow' }, now, now)).toBeUndefined();
  });
});
