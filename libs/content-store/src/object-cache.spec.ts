import { describe, expect, it } from '@jest/globals';
import { ObjectCache } from './object-cache.js';

const blob = (bytes: number) => ({ type: 'blob', body: Buffer.alloc(bytes) }) as const;

describe('ObjectCache', () => {
  it('lets go of what was used longest ago', () => {
    const cache = new ObjectCache(32);
    for (let i = 0; i < 16; i++) cache.put(`${i}`, blob(2));
    cache.get('0');
    cache.put('new', blob(2));
    expect(cache.get('0')).toBeDefined();
    expect(cache.get('1')).toBeUndefined();
    expect(cache.get('new')).toBeDefined();
  });

  it('does not take what would fill it alone', () => {
    const cache = new ObjectCache(32);
    cache.put('large', blob(3));
    expect(cache.get('large')).toBeUndefined();
  });
});
