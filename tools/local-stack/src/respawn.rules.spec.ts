import { describe, expect, it } from '@jest/globals';
import { respawnDelay } from './respawn.rules.js';

describe('respawnDelay', () => {
  it('waits longer with every death within a minute, and gives up at last', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((count) => respawnDelay(Array<number>(count).fill(1_000), 2_000));
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, null]);
  });

  it('forgets what is longer ago than a minute', () => {
    expect(respawnDelay([...Array<number>(20).fill(0), 100_000], 100_000)).toBe(250);
  });
});
