import { RateLimitedError } from './rate-limited.error.js';

const PER_CALLER = 2;
const RETRY_AFTER_SECONDS = 5;

/** Limits the large request bodies that are in memory at the same time, per caller and in all. */
export class ConcurrentUploads {
  private readonly byCaller = new Map<string, number>();
  private total = 0;

  constructor(private readonly limit: number) {}

  /** @returns a function that releases the slot. @throws RateLimitedError */
  acquire(caller: string): () => void {
    const own = this.byCaller.get(caller) ?? 0;
    if (own >= PER_CALLER || this.total >= this.limit) {
      throw new RateLimitedError('Too many large requests are in progress.', RETRY_AFTER_SECONDS);
    }
    this.total += 1;
    this.byCaller.set(caller, own + 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.total -= 1;
      const left = (this.byCaller.get(caller) ?? 1) - 1;
      if (left === 0) this.byCaller.delete(caller);
      else this.byCaller.set(caller, left);
    };
  }
}
