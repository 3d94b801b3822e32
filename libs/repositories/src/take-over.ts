import type { EntityManager } from 'typeorm';

/** A repository with projects, and the row of another connection that has the same id on the server. */
interface Counterpart {
  readonly id: string;
  readonly name: string;
  /** Null if the other connection does not reach it. */
  readonly otherId: string | null;
}

export interface TakenOver {
  /** Ids of the repositories that were moved. */
  readonly moved: readonly string[];
  /** `owner/name` of repositories that the new connection does not reach. If there is one, nothing is moved. */
  readonly missing: readonly string[];
}

/**
 * Moves the repositories with projects to another connection to the same server, with their refs, pull requests and
 * deployments, and deletes the other ones. Each must be reachable there under the same id.
 */
export async function takeOverRepositories(db: EntityManager, from: string, to: string): Promise<TakenOver> {
  const repositories = await db.query<Counterpart[]>(
    `SELECT own.id, own.owner || '/' || own.name AS name, other.id AS "otherId" FROM repository AS own
     LEFT JOIN repository AS other
       ON other.connection_id = $2 AND other.github_id = own.github_id AND other.available
     WHERE own.connection_id = $1 AND EXISTS (SELECT 1 FROM project WHERE repository_id = own.id) ORDER BY name`,
    [from, to],
  );
  const missing = repositories.filter(({ otherId }) => otherId === null).map(({ name }) => name);
  if (missing.length > 0) return { moved: [], missing };
  for (const { id, otherId } of repositories) {
    const [other] = await db.query<object[]>(
      `SELECT installation_id, owner, name, default_branch, private, archived FROM repository WHERE id = $1 FOR UPDATE`,
      [otherId],
    );
    await db.query('UPDATE project SET repository_id = $1 WHERE repository_id = $2', [id, otherId]);
    await db.query('DELETE FROM repository WHERE id = $1', [otherId]);
    await db.query(
      `UPDATE repository AS own SET connection_id = $2, installation_id = other.installation_id, owner = other.owner,
         name = other.name, default_branch = other.default_branch, private = other.private, archived = other.archived,
         available = true, unavailable_cause = NULL, reconcile_error = NULL, pull_requests_read_to = NULL
       FROM jsonb_populate_record(NULL::repository, $3::jsonb) AS other WHERE own.id = $1`,
      [id, to, JSON.stringify(other)],
    );
  }
  // No project can be connected to the former connection from here on: it would be deleted with it.
  await db.query('DELETE FROM repository WHERE connection_id = $1', [from]);
  return { moved: repositories.map(({ id }) => id), missing };
}
