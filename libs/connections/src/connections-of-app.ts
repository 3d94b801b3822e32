import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from './connection.entity.js';

/**
 * Returns the other connections that use the app. The server signs an app's webhooks with one secret, so that only one of
 * the connections can be sure to receive them. For jobs only: the others may belong to another organization.
 */
export async function otherConnectionsOfApp(
  db: Pick<EntityManager, 'query'>,
  { id, origin }: Pick<ConnectionEntity, 'id' | 'origin'>,
  appId: number,
): Promise<{ connectionId: string }[]> {
  return db.query(
    `SELECT id AS "connectionId" FROM connection WHERE origin = $1 AND app_id = $2 AND id <> $3 ORDER BY id`,
    [origin, appId, id],
  );
}
