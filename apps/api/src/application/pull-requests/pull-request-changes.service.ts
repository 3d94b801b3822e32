import { Injectable } from '@nestjs/common';
import { InvalidInputError, jobs, NotFoundError } from '@reunite/contracts';
import type {
  CreatePullRequest,
  CreatePullRequestComment,
  MergePullRequest,
  PullRequest,
  PullRequestComment,
  PullRequestMerge,
  RequestedReviewers,
  UpdatePullRequest,
  UpdatePullRequestBranch,
} from '@reunite/contracts';
import type { ProjectEntity } from '@reunite/deployments';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { interactive, WRITE_TIMEOUT_MS } from '../jobs/interactive-request.js';
import { readNumber } from './pull-request.view.js';
import { PullRequestsService } from './pull-requests.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Changes pull requests on the server, on behalf of the caller. */
@Injectable()
export class PullRequestChangesService {
  constructor(
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    private readonly pullRequests: PullRequestsService,
  ) {}

  async create(caller: Caller, projectId: string, input: CreatePullRequest): Promise<PullRequest> {
    const project = await this.lookup.project(caller.organizationId, projectId);
    const { repositoryId, productionBranch } = project;
    const wanted = { ...input, baseBranch: input.baseBranch ?? productionBranch };
    if (wanted.headBranch === wanted.baseBranch) {
      const message = 'Choose another branch than the one to merge into.';
      throw new InvalidInputError(message, [{ path: 'headBranch', message }]);
    }
    const asked = { ...interactive(caller), repositoryId, ...wanted };
    const { number } = await this.requests.ask(jobs.createPullRequest, asked, WRITE_TIMEOUT_MS);
    return this.opened(project, number);
  }

  async update(
    caller: Caller,
    projectId: string,
    number: string | number,
    change: UpdatePullRequest,
  ): Promise<PullRequest> {
    const { project, pull } = await this.find(caller, projectId, number);
    await this.requests.ask(jobs.updatePullRequest, { ...interactive(caller), ...pull, ...change }, WRITE_TIMEOUT_MS);
    return (await this.pullRequests.one(project, pull.number)).view;
  }

  async merge(
    caller: Caller,
    projectId: string,
    number: string | number,
    merge: MergePullRequest,
  ): Promise<PullRequestMerge> {
    const { project, pull } = await this.find(caller, projectId, number);
    const asked = { ...interactive(caller), ...pull, ...merge };
    const { commit } = await this.requests.ask(jobs.mergePullRequest, asked, WRITE_TIMEOUT_MS);
    return { commit, pullRequest: (await this.pullRequests.one(project, pull.number)).view };
  }

  /** The server updates the branch after its response; the push delivery follows. */
  async updateBranch(
    caller: Caller,
    projectId: string,
    number: string | number,
    { headCommit }: UpdatePullRequestBranch,
  ): Promise<void> {
    const { pull } = await this.find(caller, projectId, number);
    await this.requests.ask(
      jobs.updatePullRequestBranch,
      { ...interactive(caller), ...pull, headCommit },
      WRITE_TIMEOUT_MS,
    );
  }

  async comment(
    caller: Caller,
    projectId: string,
    number: string | number,
    { body }: CreatePullRequestComment,
  ): Promise<PullRequestComment> {
    const { pull } = await this.find(caller, projectId, number);
    return this.requests.ask(
      jobs.createPullRequestComment,
      { ...interactive(caller), ...pull, body },
      WRITE_TIMEOUT_MS,
    );
  }

  async setReviewers(
    caller: Caller,
    projectId: string,
    number: string | number,
    { users, teams }: RequestedReviewers,
  ): Promise<RequestedReviewers> {
    const { pull } = await this.find(caller, projectId, number);
    const asked = { ...interactive(caller), ...pull, users, teams };
    return this.requests.ask(jobs.setRequestedReviewers, asked, WRITE_TIMEOUT_MS);
  }

  /** The pull request is open even if the worker could not mirror it: reading it mirrors it. */
  private async opened(project: ProjectEntity, number: number): Promise<PullRequest> {
    try {
      return (await this.pullRequests.one(project, number)).view;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      await this.requests.ask(jobs.readPullRequest, { repositoryId: project.repositoryId, number }, WRITE_TIMEOUT_MS);
      return (await this.pullRequests.one(project, number)).view;
    }
  }

  private async find({ organizationId }: Caller, projectId: string, number: string | number) {
    const project = await this.lookup.project(organizationId, projectId);
    return { project, pull: { repositoryId: project.repositoryId, number: readNumber(number) } };
  }
}
