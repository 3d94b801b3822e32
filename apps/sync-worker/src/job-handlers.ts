import { statusLinks } from '@reunite/deployments';
import type { JobHandlers } from '@reunite/queueing';
import { UnitOfWork } from '@reunite/unit-of-work';
import { ArtifactStore } from './builds/artifact-store.js';
import { commitHandlers } from './commits/commit-handlers.js';
import type { Config } from './config.js';
import { connectionHandlers } from './connections/connection-handlers.js';
import { deliveryHandlers } from './deliveries/delivery-handlers.js';
import { deploymentHandlers } from './deployments/deployment-handlers.js';
import { DeploymentPlanner } from './deployments/deployment-planner.js';
import { PullRequestEffects } from './pull-requests/pull-request-effects.js';
import { pullRequestHandlers } from './pull-requests/pull-request-handlers.js';
import { PullRequestMirror } from './pull-requests/pull-request-mirror.js';
import { PullRequestReconciliation } from './pull-requests/pull-request-reconciliation.js';
import { refHandlers } from './refs/ref-handlers.js';
import type { WorkerResources } from './resources.js';

/** One handler for every job that is declared in contracts: leave one out and this does not compile. */
export function jobHandlers(config: Config, resources: WorkerResources): JobHandlers {
  const { dataSource, content, producer, logger } = resources;
  const artifacts = new ArtifactStore(config.ARTIFACTS_URL);
  const links = statusLinks(config.CONSOLE_URL, config.PREVIEW_URL_TEMPLATE);
  const planner = new DeploymentPlanner(content, artifacts, links);
  const unitOfWork = new UnitOfWork(dataSource, producer, logger);
  const pullRequests = new PullRequestEffects(planner);
  const mirror = new PullRequestMirror(unitOfWork, pullRequests);
  const reconciliation = new PullRequestReconciliation(dataSource, mirror, config.RECONCILE_MAX_PULL_REQUESTS);
  return {
    ...deliveryHandlers(resources, pullRequests, unitOfWork),
    ...refHandlers(resources, planner, reconciliation, unitOfWork),
    ...connectionHandlers(resources, unitOfWork),
    ...deploymentHandlers(config, resources, { artifacts, planner, pullRequests, unitOfWork, links }),
    ...pullRequestHandlers(resources, mirror),
    ...commitHandlers(resources, unitOfWork),
  };
}
