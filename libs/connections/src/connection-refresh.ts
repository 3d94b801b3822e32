import { publishLiveEvent } from '@reunite/database';
import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from './connection.entity.js';

type Database = Pick<EntityManager, 'query'>;

/** A refresh lists all repositories, so that doubts about a connection in close succession lead to one. */
const MIN_SECONDS_BETWEEN_REFRESHES = 10;

/**
 * Claims connections whose refresh is due, so that one replica refreshes each of them per interval. A pending
 * connection has no app yet.
 */
export async function claimOverdueConnections(
  db: Database,
  { intervalSeconds, limit }: { readonly intervalSeconds: number; readonly limit: number },
): Promise<{ connectionId: string }[]> {
  const [claimed] = await db.query<[{ connectionId: string }[], number]>(
    `UPDATE connection SET refreshed_at = now() WHERE id IN (
       SELECT id FROM connection WHERE status <> 'pending' AND refreshed_at < now() - make_interval(secs => $1)
       ORDER BY refreshed_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING id AS "connectionId"`,
    [intervalSeconds, limit],
  );
  return claimed;
}

/**
 * Claims a refresh outside of the interval, because an answer or event of the server contradicts the mirror.
 *
 * @returns false if one was claimed a few seconds ago
 */
export async function claimRefresh(db: Database, connectionId: string): Promise<boolean> {
  const [, claimed] = await db.query<[unknown[], number]>(
    `UPDATE connection SET refreshed_at = now()
     WHERE id = $1 AND refreshed_at < now() - make_interval(secs => $2)`,
    [connectionId, MIN_SECONDS_BETWEEN_REFRESHES],
  );
  return claimed === 1;
}

/**
 * Records the outcome of a refresh, and announces it if it changed.
 *
 * @param error shown to users; null after a success
 */
export async function recordRefresh(
  db: EntityManager,
  { id, organizationId, refreshError }: Pick<ConnectionEntity, 'id' | 'organizationId' | 'refreshError'>,
  error: string | null,
): Promise<void> {
  await db.query('UPDATE connection SET refresh_finished_at = now(), refresh_error = $2 WHERE id = $1', [id, error]);
  if (error !== refreshError) {
    await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
  }
}
