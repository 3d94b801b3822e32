import { jobs } from '@reunite/contracts';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import type { RefTracker } from '@reunite/repositories';
import type { HandlerResources } from '../resources.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { InboxBatches } from './inbox-batches.js';
import { ProcessInboxHandler } from './process-inbox.handler.js';

/** Handlers of the jobs about deliveries. */
export function deliveryHandlers(
  resources: HandlerResources,
  tracker: PullRequestTracker,
  refs: RefTracker,
): Pick<JobHandlers, 'processInbox'> {
  const { deliveries, unitOfWork } = resources;
  const wake = (shard: number) => unitOfWork.enqueue(jobs.processInbox, [{ shard }]);
  const batches = new InboxBatches(resources, new DeliveryProcessor(tracker, refs), wake);
  return { processInbox: new ProcessInboxHandler(deliveries, batches, wake) };
}
