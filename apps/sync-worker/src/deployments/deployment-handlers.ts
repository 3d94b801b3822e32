import { DeploymentUnitOfWork } from '@reunite/deployments';
import type { StatusLinks } from '@reunite/deployments';
import type { PullRequestTracker } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import { buildFolders } from '../builds/build-folders.js';
import { ContentTasks } from '../builds/isolation/content-tasks.js';
import { LfsFiles } from '../builds/lfs-files.js';
import { PageCaches } from '../builds/page-caches.js';
import { SiteBuilds } from '../builds/site-builds.js';
import { buildLimits } from '../config.js';
import type { Config } from '../config.js';
import { ignoreDeleted } from '../connections/ignore-deleted.js';
import type { HandlerResources } from '../resources.js';
import { BuildDeploymentHandler } from './build-deployment.handler.js';
import { CheckDeploymentHandler } from './check-deployment.handler.js';
import { CompareDeploymentsHandler } from './compare-deployments.handler.js';
import type { DeploymentPlanner } from './deployment-planner.js';
import { PlanProjectHandler } from './plan-project.handler.js';
import { PublicationGate } from './publication-gate.js';
import { PromoteDeploymentHandler } from './promote-deployment.handler.js';
import { SendCommitStatusesHandler } from './send-commit-statuses.handler.js';
import { UpdateCheckRunHandler } from './update-check-run.handler.js';
import { UpdatePullRequestCommentHandler } from './update-pull-request-comment.handler.js';

/** Services that the handlers of deployments share with the ones of other subjects. */
export interface DeploymentServices {
  readonly planner: DeploymentPlanner;
  readonly tracker: PullRequestTracker;
  readonly links: StatusLinks;
}

/** Handlers of the jobs about deployments, their commit statuses and their comments on pull requests. */
export function deploymentHandlers(
  config: Config,
  { dataSource, unitOfWork, ghes, refreshes, processes, content, artifacts }: HandlerResources,
  { planner, tracker, links }: DeploymentServices,
): Pick<
  JobHandlers,
  | 'buildDeployment'
  | 'compareDeployments'
  | 'checkDeployment'
  | 'promoteDeployment'
  | 'planProject'
  | 'sendCommitStatuses'
  | 'updateCheckRun'
  | 'updatePullRequestComment'
> {
  const maxStarts = config.BUILD_MAX_STARTS;
  const limits = buildLimits(config);
  const tasks = new ContentTasks(processes, content);
  const folders = buildFolders(config);
  const caches = new PageCaches(folders.pageCaches, dataSource);
  const lfs = new LfsFiles(content, ghes, folders.lfsFiles, {
    fileBytes: config.BUILD_MAX_ASSET_BYTES,
    totalBytes: config.BUILD_MAX_LFS_BYTES,
  });
  const builds = new SiteBuilds(dataSource, tasks, artifacts, caches, content, ghes, lfs, {
    limits,
    cacheBytes: config.BUILD_CACHE_MB * 1024 ** 2,
    maxOrganizationBytes: config.MAX_ARTIFACT_BYTES_PER_ORGANIZATION,
  });
  const checks = { limits, maxStarts, timeoutSeconds: config.CHECK_TIMEOUT_SECONDS };
  const deployments = new DeploymentUnitOfWork(unitOfWork, links);
  const gate = new PublicationGate(tasks, checks);
  return {
    buildDeployment: ignoreDeleted(
      new BuildDeploymentHandler(dataSource, deployments, builds, artifacts, gate, maxStarts),
    ),
    checkDeployment: ignoreDeleted(new CheckDeploymentHandler(dataSource, deployments, tasks, checks)),
    compareDeployments: new CompareDeploymentsHandler(artifacts),
    promoteDeployment: ignoreDeleted(new PromoteDeploymentHandler(dataSource, deployments, artifacts)),
    planProject: ignoreDeleted(new PlanProjectHandler(dataSource, unitOfWork, planner, tracker)),
    sendCommitStatuses: ignoreDeleted(new SendCommitStatusesHandler(dataSource, ghes, refreshes)),
    updateCheckRun: ignoreDeleted(new UpdateCheckRunHandler(dataSource, ghes, refreshes, links)),
    updatePullRequestComment: ignoreDeleted(
      new UpdatePullRequestCommentHandler(dataSource, ghes, refreshes, { artifacts, links }),
    ),
  };
}
