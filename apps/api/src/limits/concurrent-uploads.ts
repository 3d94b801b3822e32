import type { Caller } from '../auth/caller.js';
import { RateLimitedError } from './rate-limited.error.js';

const PER_CALLER = 2;
/** Largest share of the slots that one organization gets, however many callers it has. */
const ORGANIZATION_SHARE = 0.75;
const RETRY_AFTER_SECONDS = 5;

/** Limits the large request bodies that are received at the same time, per caller, per organization and in all. */
export class ConcurrentUploads {
  private readonly open = new Map<string, number>();
  private total = 0;
  private readonly perOrganization: number;

  constructor(private readonly limit: number) {
    this.perOrganization = Math.max(1, Math.floor(limit * ORGANIZATION_SHARE));
  }

  /** @returns a function that releases the slot. @throws RateLimitedError */
  acquire({ organizationId, subject }: Pick<Caller, 'organizationId' | 'subject'>): () => void {
    const organization = JSON.stringify([organizationId]);
    const caller = JSON.stringify([organizationId, subject]);
    const isFull =
      this.total >= this.limit ||
      this.countOf(organization) >= this.perOrganization ||
      this.countOf(caller) >= PER_CALLER;
    if (isFull) throw new RateLimitedError('Too many large requests are in progress.', RETRY_AFTER_SECONDS);
    this.add([organization, caller], 1);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.add([organization, caller], -1);
    };
  }

  private countOf(key: string): number {
    return this.open.get(key) ?? 0;
  }

  private add(keys: readonly string[], change: 1 | -1): void {
    this.total += change;
    for (const key of keys) {
      const count = this.countOf(key) + change;
      if (count === 0) this.open.delete(key);
      else this.open.set(key, count);
    }
  }
}
