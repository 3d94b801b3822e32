import { describe, expect, it } from '@jest/globals';
import { Batcher, KeyedBatcher } from './batcher.js';
import type { BatcherOptions } from './batcher.js';

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

function setup(options: Partial<BatcherOptions<number>> = {}) {
  const batches: { items: readonly number[]; succeed: () => void; fail: (error: Error) => void }[] = [];
  const sut = new Batcher<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, succeed: () => resolve(items.map((item) => item * 10)), fail: reject });
      }),
    { maxItems: 3, ...options },
  );
  return { sut, batches, items: () => batches.map((batch) => batch.items) };
}

describe('Batcher', () => {
  it('dispatches the items of one turn together, and queues later ones while a batch runs', async () => {
    const { sut, batches, items } = setup();
    const first = Promise.all([sut.add(1), sut.add(2)]);
    await turn();
    const second = Promise.all([sut.add(3), sut.add(4)]);
    await turn();
    expect(items()).toEqual([[1, 2]]);
    expect(sut.backlog).toBe(2);
    batches[0]?.succeed();
    expect(await first).toEqual([10, 20]);
    await turn();
    expect(items()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    batches[1]?.succeed();
    expect(await second).toEqual([30, 40]);
    await sut.idle();
    expect(sut.isIdle).toBe(true);
  });

  it('starts the next batch before the callers of the last one continue', async () => {
    const { sut, batches } = setup();
    const first = sut.add(1).then(() => batches.length);
    await turn();
    void sut.add(2);
    batches[0]?.succeed();
    expect(await first).toBe(2);
  });

  it('respects the limits of items and bytes, and gives an item above the limit a batch of its own', async () => {
    const { sut, items } = setup({ concurrency: 9, bytes: { limit: 10, of: (item) => item } });
    for (const item of [4, 4, 4, 99, 1, 1, 1, 1]) void sut.add(item);
    await turn();
    expect(items()).toEqual([[4, 4], [4], [99], [1, 1, 1], [1]]);
  });

  it('runs at most `concurrency` batches at the same time', async () => {
    const { sut, items } = setup({ concurrency: 2, maxItems: 1 });
    for (const item of [1, 2, 3]) void sut.add(item);
    await turn();
    expect(items()).toEqual([[1], [2]]);
  });

  it('rejects every item of a failed batch, and continues with the next batch', async () => {
    const { sut, batches } = setup();
    const failing = Promise.allSettled([sut.add(1), sut.add(2)]);
    await turn();
    const next = sut.add(3);
    batches[0]?.fail(new Error('unreachable'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await turn();
    batches[1]?.succeed();
    expect(await next).toBe(30);
  });

  it('rejects only the items whose result is an error or missing', async () => {
    const sut = new Batcher<number, number>(() => Promise.resolve([new Error('item 1'), 2]), { maxItems: 9 });
    const results = await Promise.allSettled([sut.add(1), sut.add(2), sut.add(3)]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual([
      'Error: item 1',
      2,
      'Error: The batch returned no result for this item.',
    ]);
  });

  it('runs the items of a batch singly after an error that one item may have caused', async () => {
    const batches: (readonly number[])[] = [];
    const sut = new Batcher<number, number>(
      (items) => {
        batches.push(items);
        return items.includes(2) ? Promise.reject(new Error('bad item')) : Promise.resolve([...items]);
      },
      { maxItems: 9, retrySingly: (error) => error instanceof Error && error.message === 'bad item' },
    );
    const results = await Promise.allSettled([sut.add(1), sut.add(2), sut.add(3)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });
});

describe('KeyedBatcher', () => {
  it('batches by key, and one key does not wait for another', async () => {
    const batches: [string, readonly number[]][] = [];
    let unblock = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (unblock = resolve));
    const sut = new KeyedBatcher<number, number>(
      async (key, items) => {
        batches.push([key, items]);
        if (key === 'slow') await blocked;
        return [...items];
      },
      { maxItems: 9 },
    );
    const slow = sut.add('slow', 1);
    expect(await Promise.all([sut.add('a', 1), sut.add('b', 2), sut.add('a', 3)])).toEqual([1, 2, 3]);
    expect(batches).toEqual([
      ['slow', [1]],
      ['a', [1, 3]],
      ['b', [2]],
    ]);
    unblock();
    expect(await slow).toBe(1);
  });
});
