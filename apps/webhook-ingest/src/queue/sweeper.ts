import { Repeating } from '@reunite/concurrency';
import type { Inbox } from '@reunite/deliveries';
import type { Logger } from '@reunite/platform';
import { sweptTotal } from '../metrics.js';
import type { DeliveryQueue } from './delivery-queue.js';

export interface SweepSettings {
  readonly intervalMs: number;
  /** Age at which an enqueued row counts as lost by the queue, in milliseconds. */
  readonly lostMs: number;
}

const BATCH = 500;
/** Younger rows are still being enqueued. */
const WAITING_MS = 10_000;

/**
 * Re-enqueues accepted deliveries that are in no queue: the process was killed after its 202, the queue was unreachable,
 * or Redis lost its data (P1). Replicas may sweep the same rows at the same time: a job that waits is not added twice,
 * and a job that runs twice takes effect once (P2).
 */
export class Sweeper {
  private readonly repeating: Repeating;

  constructor(
    private readonly inbox: Pick<Inbox, 'unqueued'>,
    private readonly queue: Pick<DeliveryQueue, 'enqueue'>,
    private readonly settings: SweepSettings,
    private readonly logger: Logger,
  ) {
    this.repeating = new Repeating((signal) => this.sweep(signal), {
      intervalMs: settings.intervalMs,
      jitter: 0.5,
      onError: (error) => logger.warn({ err: error }, 'inbox sweep failed; the next one retries'),
    });
  }

  start(): void {
    this.repeating.start();
  }

  stop(): Promise<void> {
    return this.repeating.stop();
  }

  private async sweep(signal: AbortSignal): Promise<void> {
    const query = {
      waitingMs: Math.min(WAITING_MS, this.settings.intervalMs),
      lostMs: this.settings.lostMs,
      limit: BATCH,
    };
    for (let swept = BATCH; swept === BATCH && !signal.aborted;) {
      const ids = await this.inbox.unqueued(query);
      swept = ids.length;
      if (swept === 0) return;
      await this.queue.enqueue(ids);
      sweptTotal.inc(swept);
      this.logger.info({ deliveries: swept }, 'enqueued deliveries that were in no queue');
    }
  }
}
