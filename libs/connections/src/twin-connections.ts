import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from './connection.entity.js';

/**
 * Returns whether another connection uses the app. The server signs an app's webhooks with one secret, so that only one
 * of the connections can be sure to receive them. Reveals nothing of the other connection: it may belong to another
 * organization.
 */
export async function hasTwin(
  db: Pick<EntityManager, 'query'>,
  { id, origin }: Pick<ConnectionEntity, 'id' | 'origin'>,
  appId: number,
): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT 1 FROM connection WHERE origin = $1 AND app_id = $2 AND id <> $3 LIMIT 1`,
    [origin, appId, id],
  );
  return rows.length > 0;
}
