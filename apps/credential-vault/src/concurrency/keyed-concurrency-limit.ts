import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';

export interface KeyedConcurrency {
  /** Maximum number of calls that run at a time, over all keys. Default: no limit. */
  readonly total?: number;
  /** Maximum number of calls that run at a time for one key. */
  readonly perKey: number;
}

/**
 * Limits how many calls run at a time, with a fair share per key (an organization): slow calls of one key wait for each
 * other and leave the remaining slots to the other keys.
 */
export class KeyedConcurrencyLimit {
  private readonly total: LimitFunction | null;
  private readonly limits = new Map<string, LimitFunction>();

  constructor(private readonly concurrency: KeyedConcurrency) {
    this.total = concurrency.total === undefined ? null : pLimit(concurrency.total);
  }

  /** Runs `work` when both the key and the whole have a free slot. Calls of one key start in order. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const limit = this.limits.get(key) ?? pLimit(this.concurrency.perKey);
    this.limits.set(key, limit);
    const { total } = this;
    try {
      return await limit(() => (total ? total(work) : work()));
    } finally {
      // p-limit frees the slot of this call after its promise settles, so the last call still counts as active here.
      setImmediate(() => {
        if (limit.activeCount + limit.pendingCount === 0 && this.limits.get(key) === limit) this.limits.delete(key);
      });
    }
  }
}
