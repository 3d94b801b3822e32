import type { commitJobs } from '@reunite/contracts';
import type { JobHandlers } from '@reunite/queueing';
import type { RefTracker } from '@reunite/repositories';
import type { InteractiveWrites } from '../interactive/interactive-writes.js';
import { withUserFacingErrors } from '../interactive/user-facing-errors.js';
import type { HandlerResources } from '../resources.js';
import { BranchUpdates } from './branch-updates.js';
import { CreateBranchHandler } from './create-branch.handler.js';
import { DeleteBranchHandler } from './delete-branch.handler.js';
import { MakeCommitHandler } from './make-commit.handler.js';
import { SyncBranchHandler } from './sync-branch.handler.js';

const NOT_FOUND = 'The server no longer has the repository, or the app cannot see it.';

/** Handlers of the jobs that write commits and branches. */
export function commitHandlers(
  { dataSource, unitOfWork, ghes, content, logger }: HandlerResources,
  writes: InteractiveWrites,
  refs: RefTracker,
): Pick<JobHandlers, keyof typeof commitJobs> {
  const updates = new BranchUpdates(unitOfWork, refs, logger);
  return {
    makeCommit: withUserFacingErrors(new MakeCommitHandler(dataSource, ghes, content, writes, updates), NOT_FOUND),
    createBranch: withUserFacingErrors(new CreateBranchHandler(writes, updates), NOT_FOUND),
    deleteBranch: withUserFacingErrors(new DeleteBranchHandler(writes, updates), NOT_FOUND),
    syncBranch: withUserFacingErrors(new SyncBranchHandler(writes, updates), NOT_FOUND),
  };
}
