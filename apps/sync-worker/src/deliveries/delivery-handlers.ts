import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import type { RefTracker } from '@reunite/repositories';
import { ignoreDeleted } from '../connections/ignore-deleted.js';
import type { HandlerResources } from '../resources.js';
import { DeliveryProcessor } from './delivery-processor.js';
import { ProcessDeliveryHandler } from './process-delivery.handler.js';

/** Handlers of the jobs about deliveries. */
export function deliveryHandlers(
  { unitOfWork, deliveries, ghes, vault }: HandlerResources,
  tracker: PullRequestTracker,
  refs: RefTracker,
): Pick<JobHandlers, 'processDelivery'> {
  const processor = new DeliveryProcessor(tracker, refs);
  return {
    processDelivery: ignoreDeleted(new ProcessDeliveryHandler(unitOfWork, deliveries, ghes, vault, processor)),
  };
}
