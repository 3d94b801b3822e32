import { describe, expect, it } from '@jest/globals';
import { GhesNotFoundError, GhesRateLimitedError, GhesServerError, GhesUnreachableError } from '../errors/index.js';
import { withRetries } from './retry.js';

const attemptsFor = async (kind: 'read' | 'write', error: Error): Promise<number> => {
  let attempts = 0;
  const run = withRetries(kind, { maxAttempts: 3, retryDelayMs: 1 }, () => {
    attempts += 1;
    return Promise.reject(error);
  });
  await expect(run).rejects.toBe(error);
  return attempts;
};

describe('withRetries', () => {
  it('retries a read after a transient error', async () => {
    expect(await attemptsFor('read', new GhesServerError('502'))).toBe(3);
    expect(await attemptsFor('read', new GhesUnreachableError('cut', false))).toBe(3);
  });

  it('retries a write only if nothing was sent', async () => {
    expect(await attemptsFor('write', new GhesServerError('502'))).toBe(1);
    expect(await attemptsFor('write', new GhesUnreachableError('cut', false))).toBe(1);
    expect(await attemptsFor('write', new GhesUnreachableError('not connected', true))).toBe(3);
  });

  it('throws rate limits and permanent errors', async () => {
    expect(await attemptsFor('read', new GhesRateLimitedError('429', 'primary', new Date()))).toBe(1);
    expect(await attemptsFor('read', new GhesNotFoundError('404'))).toBe(1);
    expect(await attemptsFor('read', new TypeError('ours'))).toBe(1);
  });
});
