import type { RepositoryQuery } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { RepositoryEntity } from './repository.entity.js';

/**
 * Returns the repositories of a connection that match the filters, by owner and name; with `before`, in the opposite
 * order.
 *
 * @param filters `after` and `before` are ids of repositories
 */
export function listRepositories(
  db: Pick<EntityManager, 'createQueryBuilder'>,
  connectionId: string,
  { limit, after, before, owner, search }: RepositoryQuery,
): Promise<RepositoryEntity[]> {
  const query = db
    .createQueryBuilder(RepositoryEntity, 'repository')
    .where('repository.connectionId = :connectionId', { connectionId });
  if (owner) query.andWhere('lower(repository.owner) = lower(:owner)', { owner });
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    query.andWhere(`(repository.owner || '/' || repository.name) ILIKE :pattern`, { pattern });
  }
  const [operator, order] = before === undefined ? (['>', 'ASC'] as const) : (['<', 'DESC'] as const);
  const cursor = after ?? before;
  if (cursor !== undefined) {
    const from =
      '(SELECT r.owner, r.name, r.id FROM repository r WHERE r.id = :cursor AND r.connection_id = :connectionId)';
    query.andWhere(`(repository.owner, repository.name, repository.id) ${operator} ${from}`, { cursor });
  }
  return query
    .orderBy('repository.owner', order)
    .addOrderBy('repository.name', order)
    .addOrderBy('repository.id', order)
    .limit(limit)
    .getMany();
}
