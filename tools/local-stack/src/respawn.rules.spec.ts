import { describe, expect, it } from '@jest/globals';
import { respawnDelay } from './respawn.rules.js';

describe('respawnDelay', () => {
  it('waits longer after each exit within a minute, and gives up after several', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((count) => respawnDelay(Array<number>(count).fill(1_000), 2_000));
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, null]);
  });

  it('ignores exits more than a minute ago', () => {
    expect(respawnDelay([...Array<number>(20).fill(0), 100_000], 100_000)).toBe(250);
  });
});
