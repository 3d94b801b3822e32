import { Batcher } from '@reunite/concurrency';
import { connectionsOfApps, existingConnectionIds } from '@reunite/connections';
import type { AppConnection } from '@reunite/connections';
import type pg from 'pg';

const BATCH_OPTIONS = { maxItems: 500 };

/**
 * Looks up connections, one query at a time: lookups that arrive meanwhile share the next query, so that requests with
 * guessed ids cannot multiply the queries. `dataloader` would run one query per turn of the event loop.
 */
export class ConnectionDirectory {
  private readonly byId: Batcher<string, boolean>;
  private readonly byApp: Batcher<string, AppConnection[]>;

  constructor(pool: pg.Pool) {
    this.byId = new Batcher(async (ids) => {
      const existing = await existingConnectionIds(pool, ids);
      return ids.map((id) => existing.has(id));
    }, BATCH_OPTIONS);
    this.byApp = new Batcher(async (appIds) => {
      const connections = await connectionsOfApps(pool, appIds);
      return appIds.map((appId) => connections.filter((connection) => connection.appId === appId));
    }, BATCH_OPTIONS);
  }

  exists(connectionId: string): Promise<boolean> {
    return this.byId.add(connectionId);
  }

  /** Connections whose app has this id, oldest first. Ids of apps repeat between servers. */
  ofApp(appId: string): Promise<readonly AppConnection[]> {
    return this.byApp.add(appId);
  }
}
