import { Batcher } from '@reunite/concurrency';
import type { Logger } from '@reunite/platform';
import type { DeliveryQueue } from './delivery-queue.js';

const MAX_BATCH = 500;
/** Ids that may wait here; beyond it, and for a while after a failure, rows are left to the sweep. */
const MOST_WAITING = 10_000;
const PAUSE_MS = 5_000;

/** Brings accepted deliveries to the queue at once, many in one round trip. It never fails the request that it serves. */
export class Enqueuer {
  private readonly batches = new Batcher<string, null>((ids) => this.enqueue(ids), { maxItems: MAX_BATCH });
  private pausedUntil = 0;

  constructor(
    private readonly queue: Pick<DeliveryQueue, 'enqueue'>,
    private readonly logger: Logger,
  ) {}

  add(deliveryId: string): void {
    if (this.batches.backlog >= MOST_WAITING || Date.now() < this.pausedUntil) return;
    void this.batches.add(deliveryId);
  }

  /** Resolves when everything that was added is in the queue, or left to the sweep. */
  idle(): Promise<void> {
    return this.batches.idle();
  }

  private async enqueue(ids: readonly string[]): Promise<null[]> {
    if (Date.now() >= this.pausedUntil) {
      try {
        await this.queue.enqueue(ids);
      } catch (error) {
        this.pausedUntil = Date.now() + PAUSE_MS;
        this.logger.warn({ err: error, deliveries: ids.length }, 'the queue takes no jobs now; the sweep will try');
      }
    }
    return ids.map(() => null);
  }
}
