import { jobs } from '@reunite/contracts';
import type { Inbox } from '@reunite/deliveries';
import type { JobProducer } from '@reunite/queueing';
import { within } from './within.js';

/** A client of a queue that is away may wait for its return for as long as it takes. */
const ENQUEUE_MS = 5_000;

/** Puts jobs for rows of the inbox into the queue; a row that waits there already is not added again. */
export class DeliveryQueue {
  constructor(
    private readonly producer: Pick<JobProducer, 'addMany'>,
    private readonly inbox: Pick<Inbox, 'markEnqueued'>,
  ) {}

  /** Marked after it is enqueued: if this stops in between, the sweep enqueues again, which does no harm (P2). */
  async enqueue(deliveryIds: readonly string[]): Promise<void> {
    const payloads = deliveryIds.map((deliveryId) => ({ deliveryId }));
    await within(ENQUEUE_MS, this.producer.addMany(jobs.processDelivery, payloads));
    await this.inbox.markEnqueued(deliveryIds);
  }
}
