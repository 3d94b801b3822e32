import type { JobHandlers } from '@reunite/queueing';
import type { HandlerResources } from '../resources.js';
import { ignoreDeleted } from './ignore-deleted.js';
import { RefreshConnectionHandler } from './refresh-connection.handler.js';
import { TestConnectionHandler } from './self-test/test-connection.handler.js';

/**
 * Handlers of the jobs about connections.
 *
 * @param webhookUrl public origin of webhook-ingest; empty if it is not known
 */
export function connectionHandlers(
  { dataSource, unitOfWork, vault, ghes, deliveries }: HandlerResources,
  webhookUrl: string,
): Pick<JobHandlers, 'refreshConnection' | 'testConnection'> {
  return {
    refreshConnection: ignoreDeleted(new RefreshConnectionHandler(dataSource, unitOfWork, vault, ghes)),
    testConnection: ignoreDeleted(
      new TestConnectionHandler({ dataSource, unitOfWork, vault, ghes, deliveries, webhookUrl }),
    ),
  };
}
