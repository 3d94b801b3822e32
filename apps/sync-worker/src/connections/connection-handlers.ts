import type { JobHandlers } from '@reunite/queueing';
import type { HandlerResources } from '../resources.js';
import { ignoreDeleted } from './ignore-deleted.js';
import { RefreshConnectionHandler } from './refresh-connection.handler.js';

/** Handlers of the jobs about connections. */
export function connectionHandlers({
  dataSource,
  unitOfWork,
  vault,
  ghes,
}: HandlerResources): Pick<JobHandlers, 'refreshConnection'> {
  return {
    refreshConnection: ignoreDeleted(new RefreshConnectionHandler(dataSource, unitOfWork, vault, ghes)),
  };
}
