import { describe, expect, it } from '@jest/globals';
import { INBOX_SHARDS, lowestId, newId } from '@reunite/contracts';
import { deliveryKey, shardOf } from './inbox-rows.rules.js';

describe('the key of a delivery', () => {
  it('differs by connection and by id', () => {
    const keys = [
      deliveryKey('con_a', 'g'),
      deliveryKey('con_b', 'g'),
      deliveryKey('con_a', 'h'),
      deliveryKey('con_a', 'g'),
    ];
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
    expect(keys[0]).toHaveLength(16);
  });
});

describe('the shard of a connection', () => {
  it('spreads connections evenly', () => {
    const counts = Array<number>(INBOX_SHARDS).fill(0);
    for (let index = 0; index < 8_000; index++) counts[shardOf(newId('connection'))]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(8_000 / INBOX_SHARDS / 1.3);
  });
});

describe('the lowest id of a time', () => {
  it('sorts before the ids of that time and after those of the time before', () => {
    const before = newId('delivery');
    const now = Date.now() + 1;
    expect(lowestId('delivery', now) > before).toBe(true);
    while (Date.now() < now);
    expect(lowestId('delivery', now) <= newId('delivery')).toBe(true);
  });
});
