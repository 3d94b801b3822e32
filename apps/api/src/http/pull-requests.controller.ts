import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import {
  createPullRequestSchema,
  mergePullRequestSchema,
  pageOf,
  pageQuerySchema,
  pullRequestDetailSchema,
  pullRequestFileContentQuerySchema,
  pullRequestFileContentSchema,
  pullRequestFileSchema,
  pullRequestMergeSchema,
  pullRequestQuerySchema,
  pullRequestSchema,
  updatePullRequestBranchSchema,
  updatePullRequestSchema,
} from '@reunite/contracts';
import type {
  CreatePullRequest,
  MergePullRequest,
  Page,
  PageQuery,
  PullRequest,
  PullRequestDetail,
  PullRequestFile,
  PullRequestFileContent,
  PullRequestFileContentQuery,
  PullRequestMerge,
  PullRequestQuery,
  UpdatePullRequest,
  UpdatePullRequestBranch,
} from '@reunite/contracts';
import { IdempotencyService } from '../application/idempotency.service.js';
import { PullRequestChangesService } from '../application/pull-requests/pull-request-changes.service.js';
import { PullRequestDetailsService } from '../application/pull-requests/pull-request-details.service.js';
import { PullRequestsService } from '../application/pull-requests/pull-requests.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Accepts, Answers, Creates, Documented } from './documented.js';

@Documented('Pull requests')
@Controller('v1/projects/:id/pull-requests')
export class PullRequestsController {
  constructor(
    private readonly pullRequests: PullRequestsService,
    private readonly details: PullRequestDetailsService,
    private readonly changes: PullRequestChangesService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Get()
  @Answers(pageOf(pullRequestSchema, 'PullRequestPage'))
  list(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: pullRequestQuerySchema }) query: PullRequestQuery,
  ): Promise<Page<PullRequest>> {
    return this.pullRequests.list(caller, id, query);
  }

  @Post()
  @Requires('write')
  @ApiHeader({ name: 'idempotency-key', required: false })
  @Creates(pullRequestSchema)
  @Records('pull-request.create')
  create(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: createPullRequestSchema }) input: CreatePullRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<PullRequest> {
    const operation = ['create pull request', id, input];
    return this.idempotency.once(caller, key, operation, () => this.changes.create(caller, id, input));
  }

  /** Reads the pull request from the server. */
  @Get(':number')
  @Answers(pullRequestDetailSchema)
  get(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
  ): Promise<PullRequestDetail> {
    return this.details.get(caller, id, number);
  }

  /** Changes title, description, base, state or draft. Omitted fields keep their values. */
  @Patch(':number')
  @Requires('write')
  @Answers(pullRequestSchema)
  @Records('pull-request.update')
  update(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Body({ schema: updatePullRequestSchema }) change: UpdatePullRequest,
  ): Promise<PullRequest> {
    return this.changes.update(caller, id, number, change);
  }

  /** Reads the files from the server, at most 3,000; 409 if the head changed since the first page. */
  @Get(':number/files')
  @Answers(pageOf(pullRequestFileSchema, 'PullRequestFilePage'))
  files(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Query({ schema: pageQuerySchema }) query: PageQuery,
  ): Promise<Page<PullRequestFile>> {
    return this.details.files(caller, id, number, query);
  }

  /** A changed file before and after. */
  @Get(':number/files/content')
  @Answers(pullRequestFileContentSchema)
  content(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Query({ schema: pullRequestFileContentQuerySchema }) query: PullRequestFileContentQuery,
  ): Promise<PullRequestFileContent> {
    return this.details.content(caller, id, number, query);
  }

  @Post(':number/merge')
  @Requires('maintain')
  @HttpCode(200)
  @Answers(pullRequestMergeSchema)
  @Records('pull-request.merge')
  merge(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Body({ schema: mergePullRequestSchema }) merge: MergePullRequest,
  ): Promise<PullRequestMerge> {
    return this.changes.merge(caller, id, number, merge);
  }

  /** Merges the base into the branch. */
  @Post(':number/update-branch')
  @Requires('write')
  @HttpCode(202)
  @Accepts()
  @Records('pull-request.update-branch')
  updateBranch(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Body({ schema: updatePullRequestBranchSchema }) looked: UpdatePullRequestBranch,
  ): Promise<void> {
    return this.changes.updateBranch(caller, id, number, looked);
  }
}
