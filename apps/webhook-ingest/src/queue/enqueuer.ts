import { Batcher } from '@reunite/concurrency';
import type { Logger } from '@reunite/platform';
import type { DeliveryQueue } from './delivery-queue.js';

const MAX_BATCH = 500;
/** Above this backlog, and for a while after a failure, rows are left to the sweeper. */
const MAX_BACKLOG = 10_000;
const PAUSE_MS = 5_000;

/** Enqueues accepted deliveries in batches, best effort: failures are logged and left to the sweeper. */
export class Enqueuer {
  private readonly batches = new Batcher<string, null>((ids) => this.enqueue(ids), { maxItems: MAX_BATCH });
  private pausedUntil = 0;

  constructor(
    private readonly queue: Pick<DeliveryQueue, 'enqueue'>,
    private readonly logger: Logger,
  ) {}

  add(deliveryId: string): void {
    if (this.batches.backlog >= MAX_BACKLOG || Date.now() < this.pausedUntil) return;
    void this.batches.add(deliveryId);
  }

  /** Resolves when everything that was added is enqueued or left to the sweeper. */
  idle(): Promise<void> {
    return this.batches.idle();
  }

  private async enqueue(ids: readonly string[]): Promise<null[]> {
    if (Date.now() >= this.pausedUntil) {
      try {
        await this.queue.enqueue(ids);
      } catch (error) {
        this.pausedUntil = Date.now() + PAUSE_MS;
        this.logger.warn({ err: error, deliveries: ids.length }, 'enqueuing failed; the sweeper retries');
      }
    }
    return ids.map(() => null);
  }
}
