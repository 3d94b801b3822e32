import { newId } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { UnavailableCause } from './repository-state.rules.js';
import { RepositoryEntity } from './repository.entity.js';

/** A repository as the server returns it. */
export interface ServerRepository {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly default_branch: string;
  readonly private: boolean;
  readonly archived?: boolean | undefined;
}

/** The repositories of a connection, as the server returned them. */
export interface ReachableRepositories {
  /** All accessible repositories, by installation id. Listings that shift while they are read repeat some. */
  readonly byInstallation: ReadonlyMap<number, readonly ServerRepository[]>;
  /** Why the others are out of reach, by the server's id. Default: `not-included`. */
  readonly causes: ReadonlyMap<number, UnavailableCause>;
}

/** Keeps what a repository was before: its columns are compared and set in this order. */
const SET_CHANGED = `
  installation_id = excluded.installation_id, owner = excluded.owner, name = excluded.name,
  default_branch = excluded.default_branch, private = excluded.private, archived = excluded.archived,
  available = existing.available OR $3,
  unavailable_cause = CASE WHEN existing.available OR $3 THEN NULL ELSE existing.unavailable_cause END,
  former_name = CASE WHEN (existing.owner, existing.name) IS DISTINCT FROM (excluded.owner, excluded.name)
    THEN existing.owner || '/' || existing.name ELSE existing.former_name END,
  renamed_at = CASE WHEN (existing.owner, existing.name) IS DISTINCT FROM (excluded.owner, excluded.name)
    THEN now() ELSE existing.renamed_at END,
  former_default_branch = CASE WHEN existing.default_branch <> excluded.default_branch
    THEN existing.default_branch ELSE existing.former_default_branch END`;

/**
 * Mirrors the repositories that a connection's installations can access. Repositories that are no longer accessible are
 * marked unavailable and keep their projects. Statements have one parameter per column set, not per value: PostgreSQL
 * allows 65,535 parameters, which 7,282 repositories would exceed.
 *
 * @returns the ids of the repositories that were added or changed and are accessible
 */
export async function mirrorRepositories(
  db: EntityManager,
  connectionId: string,
  { byInstallation, causes }: ReachableRepositories,
): Promise<string[]> {
  const byId = new Map(
    [...byInstallation].flatMap(([installationId, repositories]) =>
      repositories.map((repository) => [repository.id, { installationId, repository }] as const),
    ),
  );
  const changed = await upsertRepositories(db, connectionId, [...byId.values()], { available: true });
  await db.query(
    `UPDATE repository SET available = false, unavailable_cause = coalesce($3::jsonb ->> github_id::text, 'not-included')
     WHERE connection_id = $1 AND NOT (github_id = ANY($2::bigint[]))`,
    [connectionId, [...byId.keys()], JSON.stringify(Object.fromEntries(causes))],
  );
  return changed;
}

/**
 * Updates the row of a repository that the server just returned by its id. An unavailable one stays so until a refresh lists
 * it: the request may have been sent before the installation was suspended or the repository removed from it.
 *
 * @returns true if something changed
 */
export async function updateRepository(
  db: EntityManager,
  { connectionId, installationId }: Pick<RepositoryEntity, 'connectionId' | 'installationId'>,
  repository: ServerRepository,
): Promise<boolean> {
  const changed = await upsertRepositories(db, connectionId, [{ installationId, repository }], { available: false });
  return changed.length > 0;
}

/** @param available true makes existing rows available; false leaves them as they are */
async function upsertRepositories(
  db: EntityManager,
  connectionId: string,
  listed: readonly { readonly installationId: number; readonly repository: ServerRepository }[],
  { available }: { readonly available: boolean },
): Promise<string[]> {
  const rows = listed.map(({ installationId, repository }) => ({
    id: newId('repository'),
    installation_id: installationId,
    github_id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
    default_branch: repository.default_branch,
    private: repository.private,
    archived: repository.archived ?? false,
  }));
  const columns = 'installation_id, github_id, owner, name, default_branch, private, archived';
  const compared = (table: string) =>
    columns
      .replace('github_id, ', '')
      .split(', ')
      .map((column) => `${table}.${column}`)
      .join(', ');
  const changed = await db.query<{ id: string }[]>(
    `INSERT INTO repository AS existing (id, connection_id, ${columns})
     SELECT id, $1, ${columns} FROM jsonb_to_recordset($2::jsonb) AS listed (id text, installation_id bigint,
       github_id bigint, owner text, name text, default_branch text, private boolean, archived boolean)
     ORDER BY github_id
     ON CONFLICT (connection_id, github_id) DO UPDATE SET ${SET_CHANGED}
     WHERE ($3 AND NOT existing.available) OR (${compared('existing')}) IS DISTINCT FROM (${compared('excluded')})
     RETURNING existing.id`,
    [connectionId, JSON.stringify(rows), available],
  );
  return changed.map(({ id }) => id);
}

/** The key of a repository on its server. */
export interface RepositoryKey {
  readonly connectionId: string;
  readonly githubId: number;
}

/** Returns those repositories, of any number of connections, that projects are connected to. */
export async function findConnectedRepositories(
  db: EntityManager,
  keys: readonly RepositoryKey[],
): Promise<RepositoryEntity[]> {
  if (keys.length === 0) return [];
  return db
    .createQueryBuilder(RepositoryEntity, 'repository')
    .where('(connection_id, github_id) IN (SELECT * FROM unnest(:connections::text[], :ids::bigint[]))', {
      connections: keys.map(({ connectionId }) => connectionId),
      ids: keys.map(({ githubId }) => githubId),
    })
    .andWhere('EXISTS (SELECT 1 FROM project WHERE project.repository_id = repository.id)')
    .getMany();
}

/** Returns the repositories of a connection that projects are connected to. */
export async function connectedRepositories(
  db: Pick<EntityManager, 'createQueryBuilder'>,
  connectionId: string,
): Promise<RepositoryEntity[]> {
  return db
    .createQueryBuilder(RepositoryEntity, 'repository')
    .where({ connectionId })
    .andWhere('EXISTS (SELECT 1 FROM project WHERE project.repository_id = repository.id)')
    .orderBy('repository.id')
    .getMany();
}
