import type { JobHandlers } from '@reunite/queueing';
import { ArtifactStore } from './builds/artifact-store.js';
import { SiteBuilds } from './builds/site-builds.js';
import type { Config } from './config.js';
import { DeliveryEffects } from './deliveries/delivery-effects.js';
import { PullRequestEffects } from './deliveries/pull-request-effects.js';
import { DeploymentPlanner } from './deployment-planner.js';
import { dropWhenGone } from './drop-when-gone.js';
import { BuildDeploymentHandler } from './handlers/build-deployment.handler.js';
import { ListBranchesHandler } from './handlers/list-branches.handler.js';
import { ProcessDeliveryHandler } from './handlers/process-delivery.handler.js';
import { ReconcileRepositoryHandler } from './handlers/reconcile-repository.handler.js';
import { RefreshConnectionHandler } from './handlers/refresh-connection.handler.js';
import { SendCommitStatusesHandler } from './handlers/send-commit-statuses.handler.js';
import { SyncRefHandler } from './handlers/sync-ref.handler.js';
import { QueuedEffects } from './queued-effects.js';
import type { WorkerResources } from './resources.js';

type HandlerConfig = Pick<Config, 'ARTIFACTS_URL' | 'CONSOLE_URL' | 'PREVIEW_URL_TEMPLATE' | 'BUILD_TIMEOUT_SECONDS'>;

/** One handler for every job that is declared in contracts: leave one out and this does not compile. */
export function jobHandlers(config: HandlerConfig, resources: WorkerResources): JobHandlers {
  const { dataSource, vault, content, ghes, producer, deliveries, logger } = resources;
  const artifacts = new ArtifactStore(config.ARTIFACTS_URL);
  const builds = new SiteBuilds(dataSource, content, artifacts, config.BUILD_TIMEOUT_SECONDS);
  const planner = new DeploymentPlanner(content, {
    consoleUrl: config.CONSOLE_URL,
    previewUrlTemplate: config.PREVIEW_URL_TEMPLATE,
  });
  const effects = new QueuedEffects(producer, artifacts, logger);
  const pullRequests = new PullRequestEffects(planner);
  const deliveryEffects = new DeliveryEffects(pullRequests);
  return {
    processDelivery: dropWhenGone(new ProcessDeliveryHandler(dataSource, deliveries, ghes, deliveryEffects, effects)),
    syncRef: dropWhenGone(new SyncRefHandler(dataSource, ghes, content, planner, effects)),
    reconcileRepository: dropWhenGone(new ReconcileRepositoryHandler(dataSource, ghes, pullRequests, effects)),
    refreshConnection: dropWhenGone(new RefreshConnectionHandler(dataSource, vault, ghes)),
    listBranches: new ListBranchesHandler(ghes),
    buildDeployment: dropWhenGone(new BuildDeploymentHandler(dataSource, builds, artifacts, planner, effects)),
    sendCommitStatuses: dropWhenGone(new SendCommitStatusesHandler(dataSource, ghes)),
  };
}
