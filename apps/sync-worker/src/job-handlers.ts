import { statusLinks } from '@reunite/deployments';
import { PullRequestReconciliation, PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import { RefTracker } from '@reunite/repositories';
import { UnitOfWork } from '@reunite/unit-of-work';
import { commitHandlers } from './commits/commit-handlers.js';
import type { Config } from './config.js';
import { connectionHandlers } from './connections/connection-handlers.js';
import { deliveryHandlers } from './deliveries/delivery-handlers.js';
import { deploymentHandlers } from './deployments/deployment-handlers.js';
import { DeploymentPlanner } from './deployments/deployment-planner.js';
import { InteractiveWrites } from './interactive/interactive-writes.js';
import { pullRequestHandlers } from './pull-requests/pull-request-handlers.js';
import { refHandlers } from './refs/ref-handlers.js';
import { SyncPace } from './refs/sync-pace.js';
import type { WorkerResources } from './resources.js';

/** Creates a handler for every job declared in contracts. Does not compile if one is missing. */
export function jobHandlers(config: Config, resources: WorkerResources): JobHandlers {
  const { dataSource, content, artifacts, ghes, refreshes, producer, logger } = resources;
  const unitOfWork = new UnitOfWork(dataSource, producer, logger);
  const handlerResources = { ...resources, unitOfWork };
  const links = statusLinks(config.CONSOLE_URL, config.PREVIEW_URL_TEMPLATE);
  const planner = new DeploymentPlanner(content, artifacts, links);
  const refs = new RefTracker(config.MAX_REFS_PER_REPOSITORY);
  const tracker = new PullRequestTracker(unitOfWork, planner, refs);
  const reconciliation = new PullRequestReconciliation(dataSource, tracker, config.RECONCILE_MAX_PULL_REQUESTS);
  const pace = new SyncPace(config.SYNC_INTERVAL_SECONDS);
  const writes = new InteractiveWrites(dataSource, ghes);
  return refreshes.watch({
    ...deliveryHandlers(handlerResources, tracker, refs, config.WEBHOOK_PUBLIC_URL ?? ''),
    ...refHandlers(handlerResources, { planner, reconciliation, refs, links, pace }),
    ...connectionHandlers(handlerResources, config.WEBHOOK_PUBLIC_URL ?? ''),
    ...deploymentHandlers(config, handlerResources, { planner, tracker, links }),
    ...pullRequestHandlers(resources, tracker, writes),
    ...commitHandlers(handlerResources, writes, refs),
  });
}
