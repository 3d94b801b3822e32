import type { EntityManager } from 'typeorm';

/**
 * Returns the repositories, of those given, that no project has been connected to for the grace period, and those without
 * a row. The period begins when a call first finds that no project is connected.
 */
export async function unconnectedRepositories(
  db: EntityManager,
  ids: readonly string[],
  { graceHours }: { readonly graceHours: number },
): Promise<string[]> {
  await db.query(
    `UPDATE repository SET unconnected_since = CASE WHEN connected THEN NULL ELSE now() END
     FROM (SELECT id, EXISTS (SELECT 1 FROM project WHERE repository_id = repository.id) AS connected
       FROM repository WHERE id = ANY($1)) AS found
     WHERE repository.id = found.id AND connected = (unconnected_since IS NOT NULL)`,
    [ids],
  );
  const rows = await db.query<{ id: string }[]>(
    `SELECT id FROM repository WHERE id = ANY($1)
     AND (unconnected_since IS NULL OR unconnected_since > now() - make_interval(hours => $2))`,
    [ids, graceHours],
  );
  const retained = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !retained.has(id));
}

/**
 * Claims repositories, of those given, whose content was not collected during the last `hours`, so that one replica collects
 * each.
 */
export async function claimCollections(
  db: EntityManager,
  ids: readonly string[],
  { hours }: { readonly hours: number },
): Promise<string[]> {
  const [claimed] = await db.query<[{ id: string }[], number]>(
    `UPDATE repository SET content_collected_at = now()
     WHERE id = ANY($1) AND content_collected_at < now() - make_interval(hours => $2) RETURNING id`,
    [ids, hours],
  );
  return claimed.map(({ id }) => id);
}

/**
 * Deletes the refs of a repository, and makes its reconciliation due for when a project is connected to it. The row
 * stays locked until the caller's transaction ends, so that no project can be connected while its content is removed.
 *
 * @returns false, and changes nothing, if a project is connected to it
 */
export async function forgetRefs(db: EntityManager, repositoryId: string): Promise<boolean> {
  const [row] = await db.query<{ connected: boolean }[]>(
    `SELECT EXISTS (SELECT 1 FROM project WHERE repository_id = repository.id) AS connected
     FROM repository WHERE id = $1 FOR UPDATE`,
    [repositoryId],
  );
  if (row?.connected) return false;
  await db.query('DELETE FROM git_ref WHERE repository_id = $1', [repositoryId]);
  await db.query(`UPDATE repository SET reconciled_at = 'epoch' WHERE id = $1`, [repositoryId]);
  return true;
}

/**
 * Deletes a batch of refs that the server no longer has, and of names from deliveries that it never had. Production
 * branches stay, because their projects show that they are missing.
 *
 * @returns the number of deleted refs
 */
export async function deleteGoneRefs(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const [, deleted] = await db.query<[unknown[], number]>(
    `DELETE FROM git_ref WHERE id IN (
       SELECT id FROM git_ref
       WHERE wanted_deleted AND synced_generation = generation AND updated_at < now() - make_interval(days => $1)
         AND NOT EXISTS (
           SELECT 1 FROM project
           WHERE repository_id = git_ref.repository_id AND git_ref.name = 'refs/heads/' || production_branch
         )
       LIMIT $2 FOR UPDATE SKIP LOCKED
     )`,
    [days, limit],
  );
  return deleted;
}

/** Makes the refs of a repository due for a sync, although the server has not moved them. The sweeper enqueues the jobs. */
export async function requestSyncs(db: EntityManager, repositoryId: string): Promise<void> {
  const values = 'generation = generation + 1, error = NULL, updated_at = now()';
  await db.query(`UPDATE git_ref SET ${values} WHERE repository_id = $1 AND synced_commit IS NOT NULL`, [repositoryId]);
}
