import type { commitJobs } from '@reunite/contracts';
import type { JobHandlers } from '@reunite/queueing';
import type { UnitOfWork } from '@reunite/unit-of-work';
import { telling } from '../interactive/told-to-people.js';
import type { WorkerResources } from '../resources.js';
import { CreateBranchHandler } from './create-branch.handler.js';
import { DeleteBranchHandler } from './delete-branch.handler.js';
import { MakeCommitHandler } from './make-commit.handler.js';
import { RepositoryWrites } from './repository-writes.js';
import { SyncBranchHandler } from './sync-branch.handler.js';

/** The handlers of all jobs that write commits and branches. */
export function commitHandlers(
  { dataSource, ghes, content, logger }: Pick<WorkerResources, 'dataSource' | 'ghes' | 'content' | 'logger'>,
  unitOfWork: UnitOfWork,
): Pick<JobHandlers, keyof typeof commitJobs> {
  const writes = new RepositoryWrites(dataSource, ghes, content, unitOfWork, logger);
  return {
    makeCommit: telling(new MakeCommitHandler(dataSource, writes)),
    createBranch: telling(new CreateBranchHandler(writes)),
    deleteBranch: telling(new DeleteBranchHandler(writes)),
    syncBranch: telling(new SyncBranchHandler(writes)),
  };
}
