import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { KeyedConcurrencyLimit } from './keyed-concurrency-limit.js';

describe('KeyedConcurrencyLimit', () => {
  const setUp = (limit: KeyedConcurrencyLimit) => {
    const started: string[] = [];
    const finish: (() => void)[] = [];
    const run = (name: string) =>
      limit.run(name[0]!, () => {
        started.push(name);
        return new Promise<void>((resolve) => finish.push(resolve));
      });
    return { started, finish, run };
  };

  it('runs no more than the share of a key, and no more than the total', async () => {
    const { started, finish, run } = setUp(new KeyedConcurrencyLimit({ total: 3, perKey: 2 }));
    const runs = ['a1', 'a2', 'a3', 'b1', 'c1'].map(run);
    await nextTurn();
    expect(started).toEqual(['a1', 'a2', 'b1']);
    for (let i = 0; i < runs.length; i += 1) {
      finish[i]!();
      await nextTurn();
    }
    await Promise.all(runs);
    expect([...started].sort()).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  });

  it('limits the keys alone if there is no total', async () => {
    const { started, run } = setUp(new KeyedConcurrencyLimit({ perKey: 1 }));
    for (const name of ['a1', 'a2', 'b1', 'c1', 'd1']) void run(name);
    await nextTurn();
    expect(started).toEqual(['a1', 'b1', 'c1', 'd1']);
  });
});
