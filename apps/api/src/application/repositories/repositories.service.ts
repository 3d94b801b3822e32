import { Injectable } from '@nestjs/common';
import { ConflictError, jobs } from '@reunite/contracts';
import type { Branch, Page, Repository, RepositoryQuery } from '@reunite/contracts';
import { listRepositories, repositoryState, stateText } from '@reunite/repositories';
import type { RepositoryEntity } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { mapPage, pageOfRows, readCursors } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

const PATIENCE_MS = 15_000;

/** The repositories that the installations of a connection can access. */
@Injectable()
export class RepositoriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
  ) {}

  /** Lists repositories by owner and name. */
  async list(caller: Caller, id: string, query: RepositoryQuery): Promise<Page<Repository>> {
    const connection = await this.lookup.connection(caller.organizationId, id);
    // One row more than the page shows whether there is a next page.
    const filters = { ...query, ...readCursors(query), limit: query.limit + 1 };
    const rows = await listRepositories(this.dataSource, connection.id, filters);
    return mapPage(
      pageOfRows(rows, query, (row) => row.id),
      repositoryView,
    );
  }

  /** Reads the branches from the server. */
  async branches({ organizationId }: Caller, id: string): Promise<Branch[]> {
    const repository = await this.lookup.repository(organizationId, id);
    assertAvailable(repository);
    const { branches } = await this.requests.ask(jobs.listBranches, { repositoryId: repository.id }, PATIENCE_MS);
    return branches;
  }
}

/** @throws ConflictError if the app can no longer access the repository */
export function assertAvailable(repository: RepositoryEntity): void {
  if (repository.available) return;
  const connection = { status: 'connected', statusReason: null };
  throw new ConflictError(stateText(repositoryState({ repository, connection })));
}

function repositoryView(repository: RepositoryEntity): Repository {
  const { id, connectionId, owner, name, defaultBranch, private: isPrivate, available } = repository;
  return { id, connectionId, owner, name, defaultBranch, private: isPrivate, available };
}
