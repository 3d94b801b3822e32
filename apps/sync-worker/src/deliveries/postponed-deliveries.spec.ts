import { describe, expect, it } from '@jest/globals';
import { PostponedDeliveries } from './postponed-deliveries.js';

describe('a postponed delivery', () => {
  it('is left out until its pause is over, and then wakes its shard', async () => {
    const woken: number[] = [];
    const postponed = new PostponedDeliveries((shard) => {
      woken.push(shard);
      return Promise.resolve();
    });
    postponed.add(3, 'dlv_1');
    expect(postponed.ids()).toEqual(['dlv_1']);
    const until = Date.now() + 5_000;
    // The timer does not keep the process alive.
    while (woken.length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([woken, postponed.ids()]).toEqual([[3], []]);
    postponed.add(3, 'dlv_2');
    postponed.forget(['dlv_2']);
    expect(postponed.ids()).toEqual([]);
  });
});
