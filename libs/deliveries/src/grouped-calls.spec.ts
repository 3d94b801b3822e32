import { describe, expect, it } from '@jest/globals';
import { GroupedCalls } from './grouped-calls.js';
import type { GroupLimits } from './grouped-calls.js';

const fulfilled = <Value>(value: Value) => ({ status: 'fulfilled' as const, value });
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

function setup(limits: Partial<GroupLimits<number>> = {}) {
  const calls: { items: readonly number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const sut = new GroupedCalls<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        calls.push({ items, answer: () => resolve(items.map((item) => fulfilled(item * 10))), fail: reject });
      }),
    { items: 3, parallel: 1, ...limits },
  );
  return { sut, calls, items: () => calls.map((call) => call.items) };
}

describe('GroupedCalls', () => {
  it('calls at once for what came in one turn, and gathers the next group while a call runs', async () => {
    const { sut, calls, items } = setup();
    const first = Promise.all([sut.add(1), sut.add(2)]);
    await turn();
    const second = Promise.all([sut.add(3), sut.add(4)]);
    await turn();
    expect(items()).toEqual([[1, 2]]);
    expect(sut.backlog).toBe(2);
    calls[0]?.answer();
    expect(await first).toEqual([10, 20]);
    await turn();
    expect(items()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    calls[1]?.answer();
    expect(await second).toEqual([30, 40]);
  });

  it('keeps to the limits of items, bytes and calls at a time; one item may be larger than the limit', async () => {
    const sizes = setup({ parallel: 9, bytes: { limit: 10, of: (item) => item } });
    for (const item of [4, 4, 4, 99, 1, 1, 1, 1]) void sizes.sut.add(item);
    await turn();
    expect(sizes.items()).toEqual([[4, 4], [4], [99], [1, 1, 1], [1]]);

    const parallel = setup({ parallel: 2, items: 1 });
    for (const item of [1, 2, 3]) void parallel.sut.add(item);
    await turn();
    expect(parallel.items()).toEqual([[1], [2]]);
  });

  it('fails all of a call that throws, and goes on with the next', async () => {
    const { sut, calls } = setup();
    const failing = Promise.allSettled([sut.add(1), sut.add(2)]);
    await turn();
    const next = sut.add(3);
    calls[0]?.fail(new Error('away'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await turn();
    calls[1]?.answer();
    expect(await next).toBe(30);
  });

  it('fails an item alone that the call answers so, or not at all', async () => {
    const sut = new GroupedCalls<number, number>(
      () => Promise.resolve([{ status: 'rejected', reason: new Error('this one') }, fulfilled(2)]),
      { items: 9, parallel: 1 },
    );
    const results = await Promise.allSettled([sut.add(1), sut.add(2), sut.add(3)]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
      'Error: this one',
      2,
      'Error: The call gave no answer for this item.',
    ]);
  });
});
