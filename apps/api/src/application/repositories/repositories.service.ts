import { Injectable } from '@nestjs/common';
import { ConflictError, jobs } from '@reunite/contracts';
import type { Branch, Page, Repository, RepositoryQuery } from '@reunite/contracts';
import { RepositoryEntity } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { mapPage, pageOfRows, readCursor } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

const PATIENCE_MS = 15_000;

/** What the installations of a connection reach. */
@Injectable()
export class RepositoriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
  ) {}

  /** By owner and name: people look for a name. */
  async list(caller: Caller, id: string, { limit, after, owner, search }: RepositoryQuery): Promise<Page<Repository>> {
    const connection = await this.lookup.connection(caller.organizationId, id);
    const query = this.dataSource
      .createQueryBuilder(RepositoryEntity, 'repository')
      .where('repository.connectionId = :id', { id: connection.id });
    if (owner) query.andWhere('lower(repository.owner) = lower(:owner)', { owner });
    if (search) {
      const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      query.andWhere(`(repository.owner || '/' || repository.name) ILIKE :pattern`, { pattern });
    }
    if (after !== undefined) {
      const last = '(SELECT r.owner, r.name, r.id FROM repository r WHERE r.id = :after AND r.connection_id = :id)';
      query.andWhere(`(repository.owner, repository.name, repository.id) > ${last}`, { after: readCursor(after) });
    }
    query.orderBy('repository.owner').addOrderBy('repository.name').addOrderBy('repository.id');
    const rows = await query.limit(limit + 1).getMany();
    return mapPage(
      pageOfRows(rows, limit, (row) => row.id),
      repositoryView,
    );
  }

  /** As the server has them now. */
  async branches({ organizationId }: Caller, id: string): Promise<Branch[]> {
    const repository = await this.lookup.repository(organizationId, id);
    assertAvailable(repository);
    const { branches } = await this.requests.ask(jobs.listBranches, { repositoryId: repository.id }, PATIENCE_MS);
    return branches;
  }
}

/** @throws ConflictError where the app no longer reaches the repository */
export function assertAvailable({ available, owner, name }: RepositoryEntity): void {
  if (available) return;
  throw new ConflictError(`The app no longer reaches ${owner}/${name}. Include it in the app's installation.`);
}

function repositoryView(repository: RepositoryEntity): Repository {
  const { id, connectionId, owner, name, defaultBranch, private: isPrivate, available } = repository;
  return { id, connectionId, owner, name, defaultBranch, private: isPrivate, available };
}
