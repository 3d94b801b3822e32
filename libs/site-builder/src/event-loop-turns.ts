import { setImmediate } from 'node:timers/promises';

/** Longest time without a turn of the event loop, in milliseconds. */
const MAX_BUSY_MS = 10;

/** Yields to the event loop during long work, for timers and cancellation; not at every step, which would take longer. */
export class EventLoopTurns {
  private since = performance.now();

  /** Call it between two steps. */
  async next(): Promise<void> {
    if (performance.now() - this.since < MAX_BUSY_MS) return;
    await setImmediate();
    this.since = performance.now();
  }
}
