import { setTimeout as wait } from 'node:timers/promises';
import { GhesNotFoundError, GhesUnauthorizedError } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';

const FRESH_MS = 60_000;
const pausesMs = [250, 500, 1_000, 2_000, 4_000];

/** A server may answer 401 or 404 for some seconds to an app that it has just made; those are asked again. */
export async function retryWhileNew<T>(connection: ConnectedConnection, attempt: () => Promise<T>): Promise<T> {
  const fresh = Date.now() - (connection.connectedAt?.getTime() ?? 0) < FRESH_MS;
  for (const pauseMs of fresh ? pausesMs : []) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GhesUnauthorizedError || error instanceof GhesNotFoundError)) throw error;
    }
    await wait(pauseMs);
  }
  return attempt();
}
