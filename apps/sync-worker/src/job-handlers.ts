import type { JobHandlers } from '@reunite/queueing';
import { ArtifactStore } from './builds/artifact-store.js';
import { PageCaches } from './builds/page-caches.js';
import { SiteBuilds } from './builds/site-builds.js';
import { commitHandlers } from './commits/commit-handlers.js';
import { buildLimits } from './config.js';
import type { Config } from './config.js';
import { DeliveryEffects } from './deliveries/delivery-effects.js';
import { PullRequestEffects } from './deliveries/pull-request-effects.js';
import { DeploymentPlanner } from './deployment-planner.js';
import { dropWhenGone } from './drop-when-gone.js';
import { BuildDeploymentHandler } from './handlers/build-deployment.handler.js';
import { CheckDeploymentHandler } from './handlers/check-deployment.handler.js';
import { ListBranchesHandler } from './handlers/list-branches.handler.js';
import { PlanProjectHandler } from './handlers/plan-project.handler.js';
import { ProcessDeliveryHandler } from './handlers/process-delivery.handler.js';
import { PromoteDeploymentHandler } from './handlers/promote-deployment.handler.js';
import { ReconcileRepositoryHandler } from './handlers/reconcile-repository.handler.js';
import { RefreshConnectionHandler } from './handlers/refresh-connection.handler.js';
import { SendCommitStatusesHandler } from './handlers/send-commit-statuses.handler.js';
import { SyncRefHandler } from './handlers/sync-ref.handler.js';
import { pullRequestHandlers } from './pull-requests/pull-request-handlers.js';
import { PullRequestMirror } from './pull-requests/pull-request-mirror.js';
import { PullRequestReconciliation } from './pull-requests/pull-request-reconciliation.js';
import { QueuedEffects } from './queued-effects.js';
import type { WorkerResources } from './resources.js';

/** One handler for every job that is declared in contracts: leave one out and this does not compile. */
export function jobHandlers(config: Config, resources: WorkerResources): JobHandlers {
  const { dataSource, vault, content, ghes, producer, deliveries, processes, logger } = resources;
  const artifacts = new ArtifactStore(config.ARTIFACTS_URL);
  const limits = buildLimits(config);
  const sources = { contentUrl: config.CONTENT_URL, limits };
  const caches = new PageCaches(config.ARTIFACTS_URL, dataSource);
  const builds = new SiteBuilds(dataSource, processes, artifacts, caches, {
    ...sources,
    cacheBytes: config.BUILD_CACHE_MB * 1024 ** 2,
  });
  const planner = new DeploymentPlanner(content, {
    consoleUrl: config.CONSOLE_URL,
    previewUrlTemplate: config.PREVIEW_URL_TEMPLATE,
  });
  const effects = new QueuedEffects(producer, artifacts, logger);
  const pullRequests = new PullRequestEffects(planner);
  const mirror = new PullRequestMirror(dataSource, pullRequests, effects);
  const reconciliation = new PullRequestReconciliation(dataSource, mirror, config.RECONCILE_MAX_PULL_REQUESTS);
  const deliveryEffects = new DeliveryEffects(pullRequests);
  return {
    processDelivery: dropWhenGone(
      new ProcessDeliveryHandler(dataSource, deliveries, ghes, deliveryEffects, effects, vault),
    ),
    syncRef: dropWhenGone(new SyncRefHandler(dataSource, ghes, content, planner, effects)),
    reconcileRepository: dropWhenGone(new ReconcileRepositoryHandler(dataSource, ghes, reconciliation, effects)),
    refreshConnection: dropWhenGone(new RefreshConnectionHandler(dataSource, vault, ghes, effects)),
    listBranches: new ListBranchesHandler(ghes),
    buildDeployment: dropWhenGone(
      new BuildDeploymentHandler(dataSource, builds, artifacts, planner, effects, config.BUILD_MAX_STARTS),
    ),
    checkDeployment: dropWhenGone(
      new CheckDeploymentHandler(dataSource, processes, planner, effects, {
        ...sources,
        maxStarts: config.BUILD_MAX_STARTS,
      }),
    ),
    promoteDeployment: dropWhenGone(new PromoteDeploymentHandler(dataSource, artifacts, planner, effects)),
    planProject: dropWhenGone(new PlanProjectHandler(dataSource, planner, pullRequests, effects)),
    sendCommitStatuses: dropWhenGone(new SendCommitStatusesHandler(dataSource, ghes)),
    ...pullRequestHandlers(resources, mirror),
    ...commitHandlers(resources, effects),
  };
}
