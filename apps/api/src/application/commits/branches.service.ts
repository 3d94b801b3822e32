import { Injectable } from '@nestjs/common';
import { ForbiddenError, InvalidInputError, jobs } from '@reunite/contracts';
import type {
  Branch,
  CreateBranch,
  DeleteBranchQuery,
  ForwardPage,
  ServerBranch,
  ServerBranchQuery,
  SyncBranch,
  SyncedBranch,
} from '@reunite/contracts';
import { ProjectEntity } from '@reunite/deployments';
import { PullRequestEntity } from '@reunite/pull-requests';
import { branchRef, GitRefEntity } from '@reunite/repositories';
import type { RepositoryEntity } from '@reunite/repositories';
import { DataSource, In } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { interactive, WRITE_TIMEOUT_MS } from '../jobs/interactive-request.js';
import { PullRequestsOpenError } from './pull-requests-open.error.js';
import { ProductionCommits } from './production-commits.service.js';
import { assertAvailable } from '../repositories/repositories.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Time limit for the list of branches, in ms. */
const PATIENCE_MS = 15_000;

/** Lists and changes branches of a project's repository on the server. */
@Injectable()
export class BranchesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly production: ProductionCommits,
    private readonly requests: JobRequests,
  ) {}

  /** Lists the branches on the server by name, compared with the production branch. The server lists them forward only. */
  async list(
    caller: Caller,
    projectId: string,
    { search = '', limit, after }: ServerBranchQuery,
  ): Promise<ForwardPage<ServerBranch>> {
    const { project, repository } = await this.reach(caller, projectId);
    const { branches, hasMore } = await this.requests.ask(
      jobs.searchBranches,
      { repositoryId: repository.id, search, limit, after: nameOfCursor(after), base: project.productionBranch },
      PATIENCE_MS,
    );
    const names = branches.map(({ name }) => branchRef(name));
    const refs = await this.dataSource.manager.findBy(GitRefEntity, { repositoryId: repository.id, name: In(names) });
    const synced = new Map(refs.map(({ name, syncedCommit }) => [name, syncedCommit]));
    const last = branches.at(-1);
    return {
      items: branches.map((branch) => ({ ...branch, syncedCommit: synced.get(branchRef(branch.name)) ?? null })),
      endCursor: hasMore && last ? Buffer.from(last.name).toString('base64url') : null,
    };
  }

  async create(caller: Caller, projectId: string, { name, from }: CreateBranch): Promise<Branch> {
    const { project, repository } = await this.reach(caller, projectId);
    await this.production.assertAllowed(caller, repository.id, name);
    const payload = {
      repositoryId: repository.id,
      name,
      from: from ?? project.productionBranch,
      ...interactive(caller),
    };
    const { commit } = await this.requests.ask(jobs.createBranch, payload, WRITE_TIMEOUT_MS);
    return { name, commit };
  }

  /**
   * Deletes a branch.
   *
   * @throws ForbiddenError for a production branch and for the server's default branch
   * @throws PullRequestsOpenError if open pull requests have it as head or base
   */
  async delete(caller: Caller, projectId: string, { name, closePullRequests }: DeleteBranchQuery): Promise<void> {
    const { repository } = await this.reach(caller, projectId);
    await this.assertDeletable(repository, name);
    if (closePullRequests !== 'true') await this.assertNoPullRequest(repository, name);
    const payload = { repositoryId: repository.id, name, ...interactive(caller) };
    await this.requests.ask(jobs.deleteBranch, payload, WRITE_TIMEOUT_MS);
  }

  /** Merges the production branch into another branch. */
  async sync(caller: Caller, projectId: string, { name }: SyncBranch): Promise<SyncedBranch> {
    const { project, repository } = await this.reach(caller, projectId);
    const { productionBranch: from } = project;
    if (name === from) throw new InvalidInputError(`"${name}" is the production branch itself.`);
    await this.production.assertAllowed(caller, repository.id, name);
    const payload = { repositoryId: repository.id, name, from, ...interactive(caller) };
    return this.requests.ask(jobs.syncBranch, payload, WRITE_TIMEOUT_MS);
  }

  private async reach({ organizationId }: Caller, projectId: string) {
    const project = await this.lookup.project(organizationId, projectId);
    const repository = await this.lookup.repository(organizationId, project.repositoryId);
    assertAvailable(repository);
    return { project, repository };
  }

  private async assertDeletable({ id: repositoryId, defaultBranch }: RepositoryEntity, name: string): Promise<void> {
    if (name === defaultBranch) throw new ForbiddenError(`"${name}" is the repository's default branch; it stays.`);
    const where = { repositoryId, productionBranch: name };
    const project = await this.dataSource.manager.findOneBy(ProjectEntity, where);
    if (project) throw new ForbiddenError(`"${name}" is the production branch of ${project.name}; it stays.`);
  }

  private async assertNoPullRequest({ id: repositoryId }: RepositoryEntity, name: string): Promise<void> {
    const open = { repositoryId, state: 'open' } as const;
    const where = [
      { ...open, headBranch: name, fork: false },
      { ...open, baseBranch: name },
    ];
    const pulls = await this.dataSource.manager.find(PullRequestEntity, { where, order: { number: 'ASC' }, take: 10 });
    if (pulls.length === 0) return;
    const into = pulls.filter(({ baseBranch }) => baseBranch === name);
    const from = pulls.filter((pull) => !into.includes(pull));
    const named = [...namesOf('from', from), ...namesOf('into', into)].join('; ');
    throw new PullRequestsOpenError(
      `Pull requests of "${name}" are open: ${named}. The server closes them when the branch is deleted. Confirm to delete it.`,
    );
  }
}

/** The name of the last branch of the previous page. It is only compared with others. */
function nameOfCursor(cursor: string | undefined): string {
  return Buffer.from(cursor ?? '', 'base64url').toString();
}

function namesOf(side: 'from' | 'into', pulls: readonly PullRequestEntity[]): string[] {
  if (pulls.length === 0) return [];
  return [`${side} it ${pulls.map(({ number, title }) => `#${number} "${title}"`).join(', ')}`];
}
