import type { JobHandlers } from '@reunite/queueing';
import type { UnitOfWork } from '@reunite/unit-of-work';
import { dropWhenGone } from '../connections/drop-when-gone.js';
import type { PullRequestEffects } from '../pull-requests/pull-request-effects.js';
import type { WorkerResources } from '../resources.js';
import { DeliveryEffects } from './delivery-effects.js';
import { ProcessDeliveryHandler } from './process-delivery.handler.js';

/** The handlers of all jobs about deliveries. */
export function deliveryHandlers(
  { deliveries, ghes, vault }: WorkerResources,
  pullRequests: PullRequestEffects,
  unitOfWork: UnitOfWork,
): Pick<JobHandlers, 'processDelivery'> {
  const deliveryEffects = new DeliveryEffects(pullRequests);
  return {
    processDelivery: dropWhenGone(new ProcessDeliveryHandler(unitOfWork, deliveries, ghes, deliveryEffects, vault)),
  };
}
