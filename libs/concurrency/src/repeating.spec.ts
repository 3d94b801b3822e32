import { describe, expect, it } from '@jest/globals';
import { Repeating } from './repeating.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function setup(work: (signal: AbortSignal) => Promise<void> | void) {
  const errors: unknown[] = [];
  const sut = new Repeating(work, { intervalMs: 5, onError: (error) => errors.push(error) });
  return { sut, errors };
}

describe('Repeating', () => {
  it('runs again after a pause, one run at a time', async () => {
    let running = 0;
    let runs = 0;
    let most = 0;
    const { sut } = setup(async () => {
      runs += 1;
      most = Math.max(most, ++running);
      await pause(10);
      running -= 1;
    });
    sut.start();
    while (runs < 3) await pause(5);
    await sut.stop();
    expect(most).toBe(1);
  });

  it('reports the error of a failed run and continues', async () => {
    let runs = 0;
    const { sut, errors } = setup(() => {
      runs += 1;
      if (runs === 1) throw new Error('unreachable');
    });
    sut.start();
    while (runs < 2) await pause(5);
    await sut.stop();
    expect(errors).toEqual([new Error('unreachable')]);
  });

  it('aborts the signal of the current run when it is stopped, waits for it, and does not run again', async () => {
    const events: string[] = [];
    const { sut } = setup(async (signal) => {
      events.push('started');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await pause(5);
      events.push('ended');
    });
    sut.start();
    while (events.length === 0) await pause(5);
    await sut.stop();
    expect(events).toEqual(['started', 'ended']);
    await pause(20);
    expect(events).toHaveLength(2);
  });

  it('never runs if it is stopped before its first pause is over', async () => {
    let runs = 0;
    const { sut } = setup(() => {
      runs += 1;
    });
    sut.start();
    await sut.stop();
    await pause(20);
    expect(runs).toBe(0);
  });
});
