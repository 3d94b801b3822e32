import type { JobHandlers } from '@reunite/queueing';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { WorkerResources } from '../resources.js';
import { dropWhenGone } from './drop-when-gone.js';
import { RefreshConnectionHandler } from './refresh-connection.handler.js';

/** The handlers of all jobs about connections. */
export function connectionHandlers(
  { dataSource, vault, ghes }: WorkerResources,
  unitOfWork: UnitOfWork,
): Pick<JobHandlers, 'refreshConnection'> {
  return {
    refreshConnection: dropWhenGone(new RefreshConnectionHandler(dataSource, vault, ghes, unitOfWork)),
  };
}
