import { Repeating } from '@reunite/concurrency';
import { LRUCache } from 'lru-cache';
import { canonicalJson } from '../crypto/canonical.js';
import type { AuditEntry } from './audit-chain.js';

/** Time in ms in which identical reads share one record. */
const WINDOW_MS = 60_000;
/** When the table is full, the least recently repeated read gets its record early. */
const MAX_READS = 10_000;

interface FoldedRead {
  readonly entry: AuditEntry;
  /** Reads since the first one, which has a record of its own. */
  readonly repeated: number;
}

/**
 * Folds identical reads of one user: the first one is recorded at once, those of the following minute in one record
 * with their number. Otherwise a user who polls a page fills the audit, which is never pruned.
 */
export class RepeatedReads {
  private readonly reads: LRUCache<string, FoldedRead>;
  private readonly repeating: Repeating;

  /** @param write appends a record. A record that fails is lost: its first read is recorded. */
  constructor(private readonly write: (entry: AuditEntry) => Promise<void>) {
    this.reads = new LRUCache({
      max: MAX_READS,
      dispose: (read, _key, reason) => {
        if (reason === 'evict') void this.record(read);
      },
    });
    this.repeating = new Repeating(() => this.flush(), {
      intervalMs: WINDOW_MS,
      jitter: 0,
      onError: () => undefined,
    });
  }

  start(): void {
    this.repeating.start();
  }

  /** Records what was folded so far. */
  async stop(): Promise<void> {
    await this.repeating.stop();
    await this.flush();
  }

  /** @returns false for the first read of the window, which the caller records itself */
  fold(entry: AuditEntry): boolean {
    const key = canonicalJson(entry);
    const read = this.reads.get(key);
    if (!read) {
      this.reads.set(key, { entry, repeated: 0 });
      return false;
    }
    this.reads.set(key, { entry, repeated: read.repeated + 1 });
    return true;
  }

  private async flush(): Promise<void> {
    const reads = [...this.reads.values()];
    this.reads.clear();
    await Promise.all(reads.map((read) => this.record(read)));
  }

  private async record({ entry, repeated }: FoldedRead): Promise<void> {
    if (repeated === 0) return;
    await this.write({ ...entry, scope: { ...entry.scope, repeated } }).catch(() => undefined);
  }
}
