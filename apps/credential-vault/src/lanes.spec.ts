import { describe, expect, it } from '@jest/globals';
import { SharedLanes } from './lanes.js';

describe('SharedLanes', () => {
  const started: string[] = [];
  const held: (() => void)[] = [];
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<void>((resolve) => held.push(resolve));
  };

  it('lets no key take more than its share, and all together no more than there are', async () => {
    const lanes = new SharedLanes(3, 2);
    const runs = ['a1', 'a2', 'a3', 'b1', 'c1'].map((name) => lanes.run(name[0]!, work(name)));
    await Promise.resolve();
    expect(started).toEqual(['a1', 'a2', 'b1']);
    for (let i = 0; i < runs.length; i += 1) {
      held[i]!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(runs);
    expect([...started].sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  });
});
