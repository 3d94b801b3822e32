import type { EntityManager } from 'typeorm';

/** Answers are kept for two days at most, whatever the retention of other records. */
const MAX_DAYS = 2;

/**
 * Deletes a batch of old idempotency keys with their answers.
 *
 * @returns the number of deleted keys
 */
export async function deleteOldIdempotencyKeys(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const [, deleted] = await db.query<[unknown[], number]>(
    `DELETE FROM idempotency_key WHERE (organization_id, key) IN (
       SELECT organization_id, key FROM idempotency_key
       WHERE created_at < now() - make_interval(days => $1) LIMIT $2
     )`,
    [Math.min(days, MAX_DAYS), limit],
  );
  return deleted;
}
