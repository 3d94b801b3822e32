import type { JobHandlers } from '@reunite/queueing';
import { dropWhenGone } from '../connections/drop-when-gone.js';
import type { QueuedEffects } from '../maintenance/queued-effects.js';
import type { PullRequestEffects } from '../pull-requests/pull-request-effects.js';
import type { WorkerResources } from '../resources.js';
import { DeliveryEffects } from './delivery-effects.js';
import { ProcessDeliveryHandler } from './process-delivery.handler.js';

/** The handlers of all jobs about deliveries. */
export function deliveryHandlers(
  { dataSource, deliveries, ghes, vault }: WorkerResources,
  pullRequests: PullRequestEffects,
  effects: QueuedEffects,
): Pick<JobHandlers, 'processDelivery'> {
  const deliveryEffects = new DeliveryEffects(pullRequests);
  return {
    processDelivery: dropWhenGone(
      new ProcessDeliveryHandler(dataSource, deliveries, ghes, deliveryEffects, effects, vault),
    ),
  };
}
