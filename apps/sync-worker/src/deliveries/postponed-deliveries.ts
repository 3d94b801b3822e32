import { backoffMs } from '@reunite/queueing';
import { LRUCache } from 'lru-cache';

const BASE_MS = 1_000;
/** Deliveries over this number are not remembered, so they are retried sooner. */
const MAX_POSTPONED = 1_000;

interface Postponement {
  readonly attempt: number;
  readonly until: number;
}

/**
 * Deliveries that wait for their next attempt, in the memory of one worker. Another worker, or this one after a
 * restart, may try them sooner, which is harmless.
 */
export class PostponedDeliveries {
  private readonly entries = new LRUCache<string, Postponement>({ max: MAX_POSTPONED });

  /** @param wake enqueues the job of a shard */
  constructor(private readonly wake: (shard: number) => Promise<void>) {}

  add(shard: number, id: string): void {
    const attempt = (this.entries.get(id)?.attempt ?? 0) + 1;
    const pauseMs = backoffMs(BASE_MS, attempt, Math.random());
    this.entries.set(id, { attempt, until: Date.now() + pauseMs });
    setTimeout(() => void this.wake(shard), pauseMs + 1).unref();
  }

  forget(ids: readonly string[]): void {
    for (const id of ids) this.entries.delete(id);
  }

  ids(): string[] {
    const now = Date.now();
    return [...this.entries].filter(([, { until }]) => until > now).map(([id]) => id);
  }
}
