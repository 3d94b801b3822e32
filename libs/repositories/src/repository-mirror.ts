import { newId } from '@reunite/contracts';
import { In, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/** A repository as the server returns it. */
export interface ServerRepository {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly default_branch: string;
  readonly private: boolean;
}

/**
 * Mirrors the repositories that a connection's installations can access. Repositories that are no longer accessible are
 * marked unavailable and keep their projects.
 *
 * @param byInstallation all accessible repositories, by installation id
 */
export async function mirrorRepositories(
  db: EntityManager,
  connectionId: string,
  byInstallation: ReadonlyMap<number, readonly ServerRepository[]>,
): Promise<void> {
  const existing = await db.findBy(RepositoryEntity, { connectionId });
  const ids = new Map(existing.map(({ githubId, id }) => [githubId, id]));
  const rows = [...byInstallation].flatMap(([installationId, repositories]) =>
    repositories.map((repository) => ({
      id: ids.get(repository.id) ?? newId('repository'),
      connectionId,
      installationId,
      githubId: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
      private: repository.private,
      available: true,
    })),
  );
  const accessible = rows.map(({ githubId }) => githubId);
  await db.update(RepositoryEntity, { connectionId, githubId: Not(In(accessible)) }, { available: false });
  if (rows.length > 0) await db.upsert(RepositoryEntity, rows, ['connectionId', 'githubId']);
}

/** Returns a repository by the server's id if a project is connected to it, otherwise null. */
export async function findConnectedRepository(
  db: EntityManager,
  connectionId: string,
  githubId: number,
): Promise<RepositoryEntity | null> {
  return db
    .createQueryBuilder(RepositoryEntity, 'repository')
    .where({ connectionId, githubId })
    .andWhere('EXISTS (SELECT 1 FROM project WHERE project.repository_id = repository.id)')
    .getOne();
}
