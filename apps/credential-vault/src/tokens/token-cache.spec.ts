import { describe, expect, it, jest } from '@jest/globals';
import type { ConnectedConnection } from '../connections/connections.js';
import { TokenCache } from './token-cache.js';
import type { TimedToken } from './token-cache.js';

describe('TokenCache', () => {
  let now = 0;
  const token = (text: string, renewAt = 100): TimedToken => ({ token: text, expiresAt: '', mintedAt: 0, renewAt });
  const of = (id: string) => ({ id }) as ConnectedConnection;
  const cacheOf = (capacity = 10) => new TokenCache(capacity, () => now);

  it('mints once for callers that come while it mints, and until the token is to be renewed', async () => {
    now = 0;
    const cache = cacheOf();
    const mint = jest.fn(() => Promise.resolve(token(`t${mint.mock.calls.length}`)));
    const both = await Promise.all([cache.get(of('con'), 'key', mint), cache.get(of('con'), 'key', mint)]);
    now = 99;
    const later = await cache.get(of('con'), 'key', mint);
    expect([...both, later].map((held) => held.token)).toEqual(['t1', 't1', 't1']);
    now = 100;
    expect((await cache.get(of('con'), 'key', mint)).token).toBe('t2');
  });

  it('does not keep a failure', async () => {
    const cache = cacheOf();
    await expect(cache.get(of('con'), 'key', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await expect(cache.get(of('con'), 'key', () => Promise.resolve(token('t')))).resolves.toMatchObject({ token: 't' });
  });

  it('gives up a connection’s tokens, those on their way included, and no other’s', async () => {
    now = 0;
    const cache = cacheOf();
    await cache.get(of('con'), 'a', () => Promise.resolve(token('a')));
    await cache.get(of('other'), 'b', () => Promise.resolve(token('b')));
    const onItsWay = cache.get(of('con'), 'c', () => Promise.resolve(token('c')));
    expect(await cache.drop('con')).toEqual(['a', 'c']);
    await onItsWay;
    const mint = jest.fn(() => Promise.resolve(token('new')));
    expect((await cache.get(of('other'), 'b', mint)).token).toBe('b');
    expect((await cache.get(of('con'), 'a', mint)).token).toBe('new');
  });

  it('holds no more than its capacity, the newest', async () => {
    now = 0;
    const cache = cacheOf(2);
    for (const key of ['a', 'b', 'c']) await cache.get(of('con'), key, () => Promise.resolve(token(key)));
    expect(await cache.drop('con')).toEqual(['b', 'c']);
  });
});
