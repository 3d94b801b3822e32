import type { RepositoryQuery } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/**
 * Returns the repositories of a connection that match the filters, by owner and name.
 *
 * @param filters `after` is the id of the last row of the previous page
 */
export function listRepositories(
  db: Pick<EntityManager, 'createQueryBuilder'>,
  connectionId: string,
  { limit, after, owner, search }: RepositoryQuery,
): Promise<RepositoryEntity[]> {
  const query = db
    .createQueryBuilder(RepositoryEntity, 'repository')
    .where('repository.connectionId = :connectionId', { connectionId });
  if (owner) query.andWhere('lower(repository.owner) = lower(:owner)', { owner });
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    query.andWhere(`(repository.owner || '/' || repository.name) ILIKE :pattern`, { pattern });
  }
  if (after !== undefined) {
    const last =
      '(SELECT r.owner, r.name, r.id FROM repository r WHERE r.id = :after AND r.connection_id = :connectionId)';
    query.andWhere(`(repository.owner, repository.name, repository.id) > ${last}`, { after });
  }
  return query
    .orderBy('repository.owner')
    .addOrderBy('repository.name')
    .addOrderBy('repository.id')
    .limit(limit)
    .getMany();
}
