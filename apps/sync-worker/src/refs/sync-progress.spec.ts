import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { SyncProgressWriter } from './sync-progress.js';

describe('the progress of a sync', () => {
  const ref = { id: 'ref_1', generation: 3, repositoryId: 'rep_1', name: 'refs/heads/main' };
  let written: unknown[];
  let announced: number;
  let sut: SyncProgressWriter;

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    [written, announced] = [[], 0];
    const query = (_: string, parameters: readonly unknown[]) => {
      written.push(parameters);
      return Promise.resolve([[], 1]);
    };
    sut = new SyncProgressWriter({ query } as unknown as EntityManager, ref, () => {
      announced += 1;
      return Promise.resolve();
    });
  });
  afterEach(() => void jest.useRealTimers());

  it('is written at most once a second, and not in the first one', async () => {
    for (let ms = 0; ms <= 3_000; ms += 100) {
      jest.setSystemTime(ms);
      sut.report({ objects: ms, bytes: ms * 10 });
    }
    await sut.finish();
    expect(written).toEqual([1_000, 2_000, 3_000].map((ms) => ['ref_1', 3, ms, ms * 10]));
    expect(announced).toBe(3);
  });

  it('is not written after the end', async () => {
    await sut.finish();
    jest.setSystemTime(60_000);
    sut.report({ objects: 1, bytes: 1 });
    await sut.finish();
    expect(written).toEqual([]);
  });
});
