import type { Probe } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from '../connection.entity.js';

/** Interval between scheduled self-tests, in hours. */
const INTERVAL_HOURS = 24;

/** Days before the expiry of a certificate on which a self-test is scheduled besides the regular ones. */
const DAYS_BEFORE_EXPIRY = [30, 14, 7, 3, 1];

/** Properties of the server and of the connection's profile that a self-test found. */
export interface ServerFacts {
  /** Null if the server did not return it. */
  readonly version: string | null;
  readonly certificateExpiresAt: Date | null;
  /** First expiry of the certificates in the profile; null if there is none. */
  readonly profileExpiresAt: Date | null;
}

/** Minimum time in seconds between the last self-test of a connection and one that a warning or a missing delivery starts. */
const REPEAT_SECONDS = 900;

/** Returns whether the last self-test of a connection with an app is old enough for another one. */
export async function canRepeatSelfTest(db: Pick<EntityManager, 'query'>, connectionId: string): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT 1 FROM connection LEFT JOIN connection_self_test AS test ON test.connection_id = connection.id
     WHERE connection.id = $1 AND connection.app_id IS NOT NULL
       AND coalesce(test.tested_at, 'epoch') < now() - make_interval(secs => $2)`,
    [connectionId, REPEAT_SECONDS],
  );
  return rows.length > 0;
}

/** Stores the result of a self-test in place of the previous one. */
export async function storeSelfTest(
  db: EntityManager,
  { id, organizationId }: Pick<ConnectionEntity, 'id' | 'organizationId'>,
  probes: readonly Probe[],
  facts: ServerFacts,
): Promise<void> {
  const fails = probes.some(({ state }) => state === 'failed');
  await db.query(
    `INSERT INTO connection_self_test
       (connection_id, tested_at, failing_since, probes, server_version, certificate_expires_at, profile_expires_at)
     SELECT id, now(), CASE WHEN $2 THEN now() END, $3::jsonb, $4, $5, $6::timestamptz FROM connection WHERE id = $1
     ON CONFLICT (connection_id) DO UPDATE SET tested_at = now(), probes = EXCLUDED.probes,
       server_version = coalesce(EXCLUDED.server_version, connection_self_test.server_version),
       certificate_expires_at = coalesce(EXCLUDED.certificate_expires_at, connection_self_test.certificate_expires_at),
       profile_expires_at = EXCLUDED.profile_expires_at,
       failing_since = CASE WHEN $2 THEN coalesce(connection_self_test.failing_since, now()) END`,
    [id, fails, JSON.stringify(probes), facts.version, facts.certificateExpiresAt, facts.profileExpiresAt],
  );
  await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
}

/**
 * Returns connections with an app whose last self-test is a day old, or was before one of the last days of a certificate,
 * of the server or in the profile; the oldest first.
 */
export async function overdueSelfTests(
  db: EntityManager,
  { limit }: { readonly limit: number },
): Promise<{ connectionId: string }[]> {
  return db.query(
    `SELECT connection.id AS "connectionId" FROM connection
     LEFT JOIN connection_self_test AS test ON test.connection_id = connection.id
     WHERE connection.app_id IS NOT NULL
       AND (coalesce(test.tested_at, connection.created_at) < now() - make_interval(hours => $1)
         OR EXISTS (SELECT 1 FROM unnest($3::int[]) AS days,
             unnest(ARRAY[test.certificate_expires_at, test.profile_expires_at]) AS expiry
           WHERE now() >= expiry - make_interval(days => days) AND test.tested_at < expiry - make_interval(days => days)))
     ORDER BY test.tested_at NULLS FIRST LIMIT $2`,
    [INTERVAL_HOURS, limit, DAYS_BEFORE_EXPIRY],
  );
}
