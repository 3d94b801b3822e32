import { lowestId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/** A push is delivered within seconds; this covers a queue of deliveries on the server. */
const RECENT_MS = 600_000;

/** Returns whether a delivery of a connection arrived within the last ten minutes. */
export async function hasRecentDelivery(db: Pick<EntityManager, 'query'>, connectionId: string): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    'SELECT 1 FROM webhook_delivery WHERE connection_id = $1 AND id >= $2 LIMIT 1',
    [connectionId, lowestId('delivery', Date.now() - RECENT_MS)],
  );
  return rows.length > 0;
}
