import type { EntityManager } from 'typeorm';

type Database = Pick<EntityManager, 'query'>;

/** Responses are kept for two days at most, whatever the retention of other records. */
const MAX_DAYS = 2;

/** A key that an organization sent with a request. */
export interface IdempotencyKey {
  readonly organizationId: string;
  readonly key: string;
}

/** The request that used a key. `response` is null while the request runs. */
export interface IdempotentRequest {
  readonly requestHash: string;
  readonly response: unknown;
}

/**
 * Claims a key for a request. A key is free again after a day, or after a minute without a response: then the process
 * that handled the request has died.
 *
 * @returns false if another request has the key
 */
export async function claimIdempotencyKey(
  db: Database,
  { organizationId, key }: IdempotencyKey,
  requestHash: string,
): Promise<boolean> {
  const claimed = await db.query<unknown[]>(
    `INSERT INTO idempotency_key AS existing (organization_id, key, request_hash) VALUES ($1, $2, $3)
     ON CONFLICT (organization_id, key) DO UPDATE SET request_hash = $3, response = NULL, created_at = now()
       WHERE existing.created_at <
         now() - CASE WHEN existing.response IS NULL THEN interval '1 minute' ELSE interval '1 day' END
     RETURNING key`,
    [organizationId, key, requestHash],
  );
  return claimed.length > 0;
}

/** Returns the request that claimed a key, or null if there is none. */
export async function readIdempotentRequest(
  db: Database,
  { organizationId, key }: IdempotencyKey,
): Promise<IdempotentRequest | null> {
  const [row] = await db.query<IdempotentRequest[]>(
    `SELECT request_hash AS "requestHash", response FROM idempotency_key WHERE organization_id = $1 AND key = $2`,
    [organizationId, key],
  );
  return row ?? null;
}

/** Stores the response of the request that claimed a key. */
export async function storeIdempotentResponse(
  db: Database,
  { organizationId, key }: IdempotencyKey,
  response: unknown,
): Promise<void> {
  await db.query('UPDATE idempotency_key SET response = $3 WHERE organization_id = $1 AND key = $2', [
    organizationId,
    key,
    JSON.stringify(response),
  ]);
}

/** Frees the key of a request that failed, so that it can be sent again. */
export async function releaseIdempotencyKey(db: Database, { organizationId, key }: IdempotencyKey): Promise<void> {
  await db.query('DELETE FROM idempotency_key WHERE organization_id = $1 AND key = $2 AND response IS NULL', [
    organizationId,
    key,
  ]);
}

/**
 * Deletes a batch of old idempotency keys with their responses.
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
