import type { EntityManager } from 'typeorm';

/** Returns the given deployments that are not live, so that their artifacts can be removed. */
export async function deploymentsWithoutSite(db: EntityManager, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT id FROM deployment WHERE id = ANY($1) AND state IN ('queued', 'in_progress', 'success')`,
    [ids],
  );
  const withSite = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !withSite.has(id));
}

/**
 * Deletes a batch of sent statuses that are older than the retention, except those of heads of open pull requests,
 * which still show them.
 *
 * @returns the number of deleted statuses
 */
export async function deleteOldStatuses(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const [, deleted] = await db.query<[unknown[], number]>(
    `DELETE FROM commit_status WHERE sequence IN (
       SELECT sequence FROM commit_status
       WHERE created_at < now() - make_interval(days => $1) AND settled_at IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM pull_request pull WHERE pull.repository_id = commit_status.repository_id
           AND pull.head_commit = commit_status.commit AND pull.state = 'open'
       ) LIMIT $2
     )`,
    [days, limit],
  );
  return deleted;
}
