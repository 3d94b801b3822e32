import { describe, expect, it } from '@jest/globals';
import { rateLimitLeft, rateLimitOf } from './rate-limit.rules.js';

const now = new Date('2026-01-01T00:00:00Z');
const limitOf = (status: number, headers: Record<string, string>, message = '', skew = 0): string | undefined => {
  const limit = rateLimitOf({ status, headers, message }, now, skew);
  return limit && `${limit.kind} ${(limit.until.getTime() - now.getTime()) / 1000}`;
};
const reset = String(now.getTime() / 1000 + 600);

describe('rateLimitOf', () => {
  it('reads the primary limit by the server clock', () => {
    expect(limitOf(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })).toBe('primary 600');
    expect(limitOf(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }, '', 60)).toBe('primary 540');
  });

  it('reads the secondary limit, with and without headers', () => {
    expect(limitOf(403, { 'retry-after': '30' })).toBe('secondary 30');
    expect(limitOf(429, { 'retry-after': 'Thu, 01 Jan 2026 00:02:00 GMT' })).toBe('secondary 120');
    expect(limitOf(429, {})).toBe('secondary 60');
    expect(limitOf(403, {}, 'You have exceeded a secondary rate limit.')).toBe('secondary 60');
    expect(limitOf(403, { 'x-ratelimit-remaining': '4999' }, 'You have exceeded a secondary rate limit.')).toBe(
      'secondary 60',
    );
  });

  it('waits at least a second, even if the server allows less', () => {
    expect(limitOf(429, { 'retry-after': '0' })).toBe('secondary 1');
    expect(limitOf(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' })).toBe('primary 1');
    expect(limitOf(429, { 'retry-after': 'soon' })).toBe('secondary 60');
  });

  it('waits at most an hour, even if the server asks for more', () => {
    expect(limitOf(429, { 'retry-after': '999999999' })).toBe('secondary 3600');
    expect(limitOf(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' })).toBe('primary 3600');
    expect(limitOf(429, { 'retry-after': 'Thu, 01 Jan 2099 00:00:00 GMT' })).toBe('secondary 3600');
  });

  it('treats absent headers as unknown, not as zero', () => {
    expect(limitOf(403, {}, 'Resource not accessible by integration')).toBeUndefined();
    expect(limitOf(404, { 'x-ratelimit-remaining': '0' })).toBeUndefined();
  });
});

describe('rateLimitLeft', () => {
  const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': reset };

  it('reads the rest of a quota', () => {
    const resetsAt = new Date(now.getTime() + 600_000);
    expect(rateLimitLeft(headers)).toEqual({ limit: 5000, remaining: 4990, resetsAt });
    expect(rateLimitLeft({ ...headers, 'x-ratelimit-reset': 'soon' })?.resetsAt).toBeNull();
  });

  it('returns null without limits, or for headers that are no numbers', () => {
    expect(rateLimitLeft({})).toBeNull();
    expect(rateLimitLeft({ ...headers, 'x-ratelimit-remaining': '9'.repeat(40) })).toBeNull();
  });
});
