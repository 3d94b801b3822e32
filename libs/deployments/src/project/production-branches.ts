import type { EntityManager } from 'typeorm';

/** A branch that a project publishes. */
export interface ProductionBranch {
  readonly repositoryId: string;
  readonly branch: string;
  /** Names of all projects of the repository: each reports to pull requests of every branch. */
  readonly projectNames: readonly string[];
}

/** Returns the branches of available repositories of a connection that projects publish. */
export async function productionBranches(
  db: Pick<EntityManager, 'query'>,
  connectionId: string,
  limit: number,
): Promise<ProductionBranch[]> {
  return db.query(
    `SELECT DISTINCT repository.id AS "repositoryId", project.production_branch AS branch,
       ARRAY(SELECT other.name FROM project AS other WHERE other.repository_id = repository.id) AS "projectNames"
     FROM project JOIN repository ON repository.id = project.repository_id
     WHERE repository.connection_id = $1 AND repository.available ORDER BY 1, 2 LIMIT $2`,
    [connectionId, limit],
  );
}
