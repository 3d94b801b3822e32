import { jobs } from '@reunite/contracts';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import type { RefTracker } from '@reunite/repositories';
import { ignoreDeleted } from '../connections/ignore-deleted.js';
import type { HandlerResources } from '../resources.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { InboxBatches } from './inbox-batches.js';
import { ProcessInboxHandler } from './process-inbox.handler.js';
import { RecoverDeliveriesHandler } from './recover-deliveries.handler.js';

/**
 * Handlers of the jobs about deliveries.
 *
 * @param webhookUrl public origin of webhook-ingest; empty if it is not known
 */
export function deliveryHandlers(
  resources: HandlerResources,
  tracker: PullRequestTracker,
  refs: RefTracker,
  webhookUrl: string,
): Pick<JobHandlers, 'processInbox' | 'recoverDeliveries'> {
  const { deliveries, unitOfWork } = resources;
  const wake = (shard: number) => unitOfWork.enqueue(jobs.processInbox, [{ shard }]);
  const batches = new InboxBatches(resources, new DeliveryProcessor(tracker, refs), wake);
  return {
    processInbox: new ProcessInboxHandler(deliveries, batches, wake),
    recoverDeliveries: ignoreDeleted(new RecoverDeliveriesHandler(resources, webhookUrl)),
  };
}
