import { INBOX_SHARDS, jobs } from '@reunite/contracts';
import { shardOf } from '@reunite/deliveries';
import type { Logger } from '@reunite/platform';
import type { JobProducer } from '@reunite/queueing';
import pTimeout from 'p-timeout';

/** A queue client may otherwise wait for an unreachable server without limit. */
const ENQUEUE_MS = 5_000;
/** Minimum time between two calls of the queue. The worker also finds what arrives while its job runs. */
const INTERVAL_MS = 25;
/** Pause after a failure. */
const RETRY_MS = 2_000;

/**
 * Wakes the worker up for shards of the inbox with new deliveries, in one call of the queue per interval. After a
 * failure the shards stay marked until the queue is back.
 */
export class WakeUps {
  private readonly marked = new Set<number>();
  private sentAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;

  constructor(
    private readonly producer: Pick<JobProducer, 'addMany'>,
    private readonly logger: Logger,
  ) {}

  /** A process that died after a commit may have left deliveries without a wake-up. */
  markAll(): void {
    for (let shard = 0; shard < INBOX_SHARDS; shard++) this.marked.add(shard);
    this.schedule(0);
  }

  /** Marks the shard of a connection after a commit. */
  mark(connectionId: string): void {
    const shard = shardOf(connectionId);
    if (this.marked.has(shard)) return;
    this.marked.add(shard);
    this.schedule(this.sentAt + INTERVAL_MS - performance.now());
  }

  /** Stops after one last attempt. */
  async close(): Promise<void> {
    await this.sending;
    this.cancel();
    if (this.marked.size > 0) await this.send();
    this.cancel();
  }

  private cancel(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(delayMs: number): void {
    if (this.timer || this.sending) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.sending = this.send().finally(() => {
        this.sending = null;
        if (this.marked.size > 0) this.schedule(INTERVAL_MS);
      });
    }, delayMs);
  }

  private async send(): Promise<void> {
    const shards = [...this.marked];
    this.marked.clear();
    this.sentAt = performance.now();
    try {
      const payloads = shards.map((shard) => ({ shard }));
      await pTimeout(this.producer.addMany(jobs.processInbox, payloads), { milliseconds: ENQUEUE_MS });
    } catch (error) {
      this.logger.warn({ err: error, shards }, 'queue unavailable; the wake-ups are repeated');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      for (const shard of shards) this.marked.add(shard);
    }
  }
}
