import { describe, expect, it } from '@jest/globals';
import { BoundedSeries } from './bounded-series.js';

describe('bounded series', () => {
  it('remove those of the least recently used value, and of one that is forgotten', () => {
    const removed: string[] = [];
    const series = new BoundedSeries(2, (value) => removed.push(value));
    for (const value of ['a', 'b', 'a', 'c']) series.use(value);
    expect(removed).toEqual(['b']);
    series.forget('c');
    expect(removed).toEqual(['b', 'c']);
  });
});
