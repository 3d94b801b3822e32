import type { StatusLinks } from '@reunite/deployments';
import type { PullRequestReconciliation } from '@reunite/pull-requests';
import type { JobHandlers } from '@reunite/queueing';
import type { RefTracker } from '@reunite/repositories';
import { ignoreDeleted } from '../connections/ignore-deleted.js';
import type { DeploymentPlanner } from '../deployments/deployment-planner.js';
import type { HandlerResources } from '../resources.js';
import { withUserFacingErrors } from '../interactive/user-facing-errors.js';
import { FetchSnapshotHandler } from './fetch-snapshot.handler.js';
import { ListBranchesHandler } from './list-branches.handler.js';
import { ListFileVersionsHandler } from './list-file-versions.handler.js';
import { ReconcileRepositoryHandler } from './reconcile-repository.handler.js';
import { SearchBranchesHandler } from './search-branches.handler.js';
import type { SyncPace } from './sync-pace.js';
import { SyncRefHandler } from './sync-ref.handler.js';

const NO_COMMIT = 'The server has no such commit, or the app cannot see it.';

/** Services that the handlers of refs share with the ones of other subjects. */
export interface RefServices {
  readonly planner: DeploymentPlanner;
  readonly reconciliation: PullRequestReconciliation;
  readonly refs: RefTracker;
  readonly links: StatusLinks;
  readonly pace: SyncPace;
}

/** Handlers of the jobs that follow branches and tags. */
export function refHandlers(
  { dataSource, unitOfWork, ghes, content }: HandlerResources,
  { planner, reconciliation, refs, links, pace }: RefServices,
): Pick<
  JobHandlers,
  'syncRef' | 'reconcileRepository' | 'listBranches' | 'searchBranches' | 'listFileVersions' | 'fetchSnapshot'
> {
  return {
    syncRef: ignoreDeleted(new SyncRefHandler(dataSource, unitOfWork, ghes, content, planner, pace)),
    reconcileRepository: ignoreDeleted(
      new ReconcileRepositoryHandler(dataSource, unitOfWork, ghes, refs, reconciliation, links),
    ),
    listBranches: new ListBranchesHandler(ghes),
    searchBranches: new SearchBranchesHandler(ghes),
    listFileVersions: withUserFacingErrors(new ListFileVersionsHandler(ghes), NO_COMMIT),
    fetchSnapshot: withUserFacingErrors(new FetchSnapshotHandler(dataSource, ghes, content), NO_COMMIT),
  };
}
