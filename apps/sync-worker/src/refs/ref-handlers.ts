import type { JobHandlers } from '@reunite/queueing';
import type { UnitOfWork } from '@reunite/unit-of-work';
import { dropWhenGone } from '../connections/drop-when-gone.js';
import type { DeploymentPlanner } from '../deployments/deployment-planner.js';
import type { PullRequestReconciliation } from '../pull-requests/pull-request-reconciliation.js';
import type { WorkerResources } from '../resources.js';
import { ListBranchesHandler } from './list-branches.handler.js';
import { ReconcileRepositoryHandler } from './reconcile-repository.handler.js';
import { SyncRefHandler } from './sync-ref.handler.js';

/** The handlers of all jobs that follow branches and tags. */
export function refHandlers(
  { dataSource, ghes, content }: WorkerResources,
  planner: DeploymentPlanner,
  reconciliation: PullRequestReconciliation,
  unitOfWork: UnitOfWork,
): Pick<JobHandlers, 'syncRef' | 'reconcileRepository' | 'listBranches'> {
  return {
    syncRef: dropWhenGone(new SyncRefHandler(dataSource, ghes, content, planner, unitOfWork)),
    reconcileRepository: dropWhenGone(new ReconcileRepositoryHandler(dataSource, ghes, reconciliation, unitOfWork)),
    listBranches: new ListBranchesHandler(ghes),
  };
}
