import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConnectedConnection } from '../connections/connections.js';
import { TokenCache } from './token-cache.js';
import type { TimedToken } from './token-cache.js';

describe('TokenCache', () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
  });
  const token = (text: string, renewAt = 100): TimedToken => ({ token: text, expiresAt: '', mintedAt: 0, renewAt });
  const connectionOf = (id: string) => ({ id }) as ConnectedConnection;
  const cacheOf = (capacity = 10) => new TokenCache(capacity, () => now);

  it('mints once for concurrent callers, and again when the token is due for renewal', async () => {
    const cache = cacheOf();
    const mint = jest.fn(() => Promise.resolve(token(`t${mint.mock.calls.length}`)));
    const get = () => cache.get(connectionOf('con'), 'key', mint);
    const both = await Promise.all([get(), get()]);
    now = 99;
    const later = await get();
    expect([...both, later].map((timed) => timed.token)).toEqual(['t1', 't1', 't1']);
    now = 100;
    expect((await get()).token).toBe('t2');
  });

  it('does not cache a failure', async () => {
    const cache = cacheOf();
    const failing = cache.get(connectionOf('con'), 'key', () => Promise.reject(new Error('down')));
    await expect(failing).rejects.toThrow('down');
    const next = cache.get(connectionOf('con'), 'key', () => Promise.resolve(token('t')));
    await expect(next).resolves.toMatchObject({ token: 't' });
  });

  it('drops the tokens of one connection, including those that are being minted', async () => {
    const cache = cacheOf();
    await cache.get(connectionOf('con'), 'a', () => Promise.resolve(token('a')));
    await cache.get(connectionOf('other'), 'b', () => Promise.resolve(token('b')));
    const pending = cache.get(connectionOf('con'), 'c', () => Promise.resolve(token('c')));
    expect(await cache.drop('con')).toEqual(['a', 'c']);
    await pending;
    const mint = jest.fn(() => Promise.resolve(token('new')));
    expect((await cache.get(connectionOf('other'), 'b', mint)).token).toBe('b');
    expect((await cache.get(connectionOf('con'), 'a', mint)).token).toBe('new');
  });

  it('evicts the least recently used token when it is full', async () => {
    const cache = cacheOf(2);
    for (const key of ['a', 'b', 'c']) await cache.get(connectionOf('con'), key, () => Promise.resolve(token(key)));
    expect(await cache.drop('con')).toEqual(['b', 'c']);
  });
});
