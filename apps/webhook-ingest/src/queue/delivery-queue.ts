import { jobs } from '@reunite/contracts';
import type { Inbox } from '@reunite/deliveries';
import type { JobProducer } from '@reunite/queueing';
import pTimeout from 'p-timeout';

/** A queue client may otherwise wait for an unreachable server without limit. */
const ENQUEUE_MS = 5_000;

/** Adds jobs for rows of the inbox; a row whose job already waits is not added again. */
export class DeliveryQueue {
  constructor(
    private readonly producer: Pick<JobProducer, 'addMany'>,
    private readonly inbox: Pick<Inbox, 'markEnqueued'>,
  ) {}

  /** Marks rows after they are enqueued: if the process stops in between, the sweeper enqueues them again, harmlessly (P2). */
  async enqueue(deliveryIds: readonly string[]): Promise<void> {
    const payloads = deliveryIds.map((deliveryId) => ({ deliveryId }));
    await pTimeout(this.producer.addMany(jobs.processDelivery, payloads), { milliseconds: ENQUEUE_MS });
    await this.inbox.markEnqueued(deliveryIds);
  }
}
