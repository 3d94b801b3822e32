import { setTimeout as wait } from 'node:timers/promises';
import { GhesNotFoundError, GhesUnauthorizedError } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';

const NEW_FOR_MS = 60_000;
const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000];

/**
 * Retries requests as an app that was created in the last minute: a server may answer 401 or 404 for some seconds.
 *
 * @param signal ends the retries when the caller is gone
 */
export async function retryWhileNew<T>(
  connection: ConnectedConnection,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const isNew = Date.now() - (connection.connectedAt?.getTime() ?? 0) < NEW_FOR_MS;
  for (const pauseMs of isNew ? PAUSES_MS : []) {
    try {
      return await attempt();
    } catch (error) {
      const isUnknownApp = error instanceof GhesUnauthorizedError || error instanceof GhesNotFoundError;
      if (!isUnknownApp || signal?.aborted) throw error;
    }
    await wait(pauseMs);
  }
  return attempt();
}
