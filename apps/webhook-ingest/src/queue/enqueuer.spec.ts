import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@reunite/platform';
import { Enqueuer } from './enqueuer.js';

const logger = createLogger('test', 'silent');

describe('Enqueuer', () => {
  it('takes many deliveries to the queue in one round trip, and is idle when they are there', async () => {
    const enqueued: number[] = [];
    const enqueue = async (ids: readonly string[]) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      enqueued.push(ids.length);
    };
    const sut = new Enqueuer({ enqueue }, logger);
    for (let index = 0; index < 600; index++) sut.add(`dlv_${index}`);
    await sut.idle();
    expect(enqueued).toEqual([500, 100]);
  });

  it('leaves rows to the sweep for a while when the queue is away, instead of trying for each', async () => {
    let tries = 0;
    const enqueue = () => {
      tries += 1;
      return Promise.reject(new Error('away'));
    };
    const sut = new Enqueuer({ enqueue }, logger);
    for (let index = 0; index < 1_500; index++) sut.add(`dlv_${index}`);
    await sut.idle();
    sut.add('dlv_later');
    await sut.idle();
    expect(tries).toBe(1);
  });
});
