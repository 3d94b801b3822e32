import type { Inbox } from '@reunite/deliveries';
import type { Logger } from '@reunite/platform';
import { sweptTotal } from '../metrics.js';
import type { DeliveryQueue } from './delivery-queue.js';

export interface SweepSettings {
  readonly intervalMs: number;
  /** Since when a row that was enqueued counts as lost by the queue. */
  readonly lostMs: number;
}

const BATCH = 500;
/** Younger rows are on their way to the queue. */
const WAITING_MS = 10_000;

/**
 * Enqueues what was accepted and is in no queue: the process ended after its 202, the queue was away, or Redis lost its
 * data (P1). Replicas may sweep the same rows at the same time: a job that waits is not added twice, and one that runs
 * twice has its effect once.
 */
export class Sweeper {
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly inbox: Pick<Inbox, 'unqueued'>,
    private readonly queue: Pick<DeliveryQueue, 'enqueue'>,
    private readonly settings: SweepSettings,
    private readonly logger: Logger,
  ) {}

  start(): void {
    // Spread over the interval, so that replicas that start together do not sweep together.
    const delay = this.settings.intervalMs * (0.5 + Math.random());
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().finally(() => {
        if (!this.stopped) this.start();
      });
    }, delay);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  private async sweep(): Promise<void> {
    const query = {
      waitingMs: Math.min(WAITING_MS, this.settings.intervalMs),
      lostMs: this.settings.lostMs,
      limit: BATCH,
    };
    try {
      for (let swept = BATCH; swept === BATCH && !this.stopped;) {
        const ids = await this.inbox.unqueued(query);
        swept = ids.length;
        if (swept === 0) return;
        await this.queue.enqueue(ids);
        sweptTotal.inc(swept);
        this.logger.info({ deliveries: swept }, 'enqueued deliveries that no queue knew');
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'could not sweep the inbox; it will be tried again');
    }
  }
}
