import type { EntityManager } from 'typeorm';

/** Returns deliveries that wait for the worker longer than the grace period, oldest first. */
export async function overdueDeliveries(
  db: EntityManager,
  { graceSeconds, limit }: { readonly graceSeconds: number; readonly limit: number },
): Promise<{ deliveryId: string }[]> {
  return db.query(
    `SELECT id AS "deliveryId" FROM delivery
     WHERE processed_at IS NULL AND failed_at IS NULL AND received_at < now() - make_interval(secs => $1)
     ORDER BY received_at LIMIT $2`,
    [graceSeconds, limit],
  );
}

/**
 * Deletes a batch of processed and failed deliveries that are older than the retention.
 *
 * @returns the number of deleted deliveries
 */
export async function deleteOldDeliveries(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const [, deleted] = await db.query<[unknown[], number]>(
    `DELETE FROM delivery WHERE id IN (
       SELECT id FROM delivery WHERE received_at < now() - make_interval(days => $1)
         AND (processed_at IS NOT NULL OR failed_at IS NOT NULL) LIMIT $2
     )`,
    [days, limit],
  );
  return deleted;
}
