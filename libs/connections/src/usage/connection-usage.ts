import type { EntityManager } from 'typeorm';

/** The state of a server by its recent responses. */
export interface ConnectionUsage {
  readonly connectionId: string;
  /** Null if no request succeeded. */
  readonly lastSuccessAt: Date | null;
  /** Of the installation with the smallest share left; null if no response had a limit. */
  readonly rateLimit: {
    readonly limit: number;
    readonly remaining: number;
    readonly resetsAt: Date | null;
    readonly readAt: Date;
  } | null;
}

/** Stores the usage of connections. A connection that was deleted is left out, and an unknown value keeps the stored one. */
export async function storeUsage(db: Pick<EntityManager, 'query'>, usages: readonly ConnectionUsage[]): Promise<void> {
  const rows = usages.map(({ connectionId, lastSuccessAt, rateLimit }) => ({
    connectionId,
    lastSuccessAt,
    ...rateLimit,
  }));
  await db.query(
    `INSERT INTO connection_usage AS stored
       (connection_id, last_success_at, rate_limit, rate_remaining, rate_resets_at, rate_read_at)
     SELECT connection.id, "lastSuccessAt", "limit", remaining, "resetsAt", "readAt"
     FROM jsonb_to_recordset($1::jsonb) AS usage ("connectionId" text, "lastSuccessAt" timestamptz, "limit" integer,
       remaining integer, "resetsAt" timestamptz, "readAt" timestamptz)
     JOIN connection ON connection.id = "connectionId"
     -- One order in all replicas, so that none waits for another that waits for it.
     ORDER BY connection.id FOR KEY SHARE OF connection
     ON CONFLICT (connection_id) DO UPDATE SET
       last_success_at = greatest(EXCLUDED.last_success_at, stored.last_success_at),
       rate_limit = coalesce(EXCLUDED.rate_limit, stored.rate_limit),
       rate_remaining = CASE WHEN EXCLUDED.rate_limit IS NULL THEN stored.rate_remaining ELSE EXCLUDED.rate_remaining END,
       rate_resets_at = CASE WHEN EXCLUDED.rate_limit IS NULL THEN stored.rate_resets_at ELSE EXCLUDED.rate_resets_at END,
       rate_read_at = coalesce(EXCLUDED.rate_read_at, stored.rate_read_at)`,
    [JSON.stringify(rows)],
  );
}
