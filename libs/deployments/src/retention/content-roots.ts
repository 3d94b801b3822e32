import type { EntityManager } from 'typeorm';

/**
 * Returns the commits and trees of a repository whose content is needed: of its refs, of deployments that run or have a
 * site, and of open pull requests. What a removed deployment was built from is fetched again if it is promoted.
 */
export async function contentRoots(db: EntityManager, repositoryId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT synced_commit AS id FROM git_ref WHERE repository_id = $1 AND synced_commit IS NOT NULL
     UNION SELECT deployment.tree FROM deployment JOIN project ON project.id = project_id
       WHERE repository_id = $1 AND state IN ('queued', 'in_progress', 'success')
     UNION SELECT head_commit FROM pull_request WHERE repository_id = $1 AND state = 'open'`,
    [repositoryId],
  );
  return rows.map(({ id }) => id);
}
