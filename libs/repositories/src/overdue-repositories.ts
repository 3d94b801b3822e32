import type { EntityManager } from 'typeorm';

/**
 * Returns refs whose sync is overdue and has no error, oldest first. Refs with an error wait for the reconciliation,
 * which is slower: a repository that exceeds a limit would otherwise be fetched on every sweep.
 */
export async function overdueRefs(
  db: EntityManager,
  { graceSeconds, limit }: { readonly graceSeconds: number; readonly limit: number },
): Promise<{ refId: string }[]> {
  return db.query(
    `SELECT id AS "refId" FROM git_ref
     WHERE synced_generation < generation AND error IS NULL AND updated_at < now() - make_interval(secs => $1)
     ORDER BY updated_at LIMIT $2`,
    [graceSeconds, limit],
  );
}

/**
 * Claims connected repositories whose reconciliation is due: it marks them reconciled now, so that one replica
 * reconciles each of them per interval.
 */
export async function claimOverdueRepositories(
  db: EntityManager,
  { intervalSeconds, limit }: { readonly intervalSeconds: number; readonly limit: number },
): Promise<{ repositoryId: string }[]> {
  const [claimed] = await db.query<[{ repositoryId: string }[], number]>(
    `UPDATE repository SET reconciled_at = now() WHERE id IN (
       SELECT repository.id FROM repository
       WHERE available AND reconciled_at < now() - make_interval(secs => $1)
         AND EXISTS (SELECT 1 FROM project WHERE repository_id = repository.id)
       ORDER BY reconciled_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING id AS "repositoryId"`,
    [intervalSeconds, limit],
  );
  return claimed;
}
