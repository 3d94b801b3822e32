import type pg from 'pg';

type Queryable = Pick<pg.Pool, 'query'>;

/** A connection with the app whose deliveries it receives. */
export interface AppConnection {
  readonly id: string;
  readonly appId: string;
  readonly origin: string;
}

/** The ids among `ids` that exist. Reads only the column that the role of webhook-ingest may read. */
export async function existingConnectionIds(db: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM connection WHERE id = ANY($1)', [ids]);
  return new Set(rows.map(({ id }) => id));
}

/** Connections of these apps, oldest first. Ids of apps are unique per server only. */
export async function connectionsOfApps(db: Queryable, appIds: readonly string[]): Promise<AppConnection[]> {
  const { rows } = await db.query<AppConnection>(
    `SELECT id, app_id::text AS "appId", origin FROM connection WHERE app_id = ANY($1::bigint[]) ORDER BY created_at, id`,
    [appIds],
  );
  return rows;
}
