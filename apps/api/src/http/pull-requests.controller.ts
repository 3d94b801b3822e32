import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import {
  createPullRequestCommentSchema,
  createPullRequestSchema,
  mergePullRequestSchema,
  forwardPageOf,
  pageOf,
  forwardPageQuerySchema,
  pullRequestCommentSchema,
  pullRequestCommentsSchema,
  pullRequestDetailSchema,
  pullRequestFileContentQuerySchema,
  pullRequestFileContentSchema,
  pullRequestFileSchema,
  pullRequestMergeSchema,
  pullRequestQuerySchema,
  pullRequestSchema,
  requestedReviewersSchema,
  updatePullRequestBranchSchema,
  updatePullRequestSchema,
} from '@reunite/contracts';
import type {
  CreatePullRequest,
  CreatePullRequestComment,
  MergePullRequest,
  Page,
  ForwardPage,
  ForwardPageQuery,
  PullRequest,
  PullRequestComment,
  PullRequestComments,
  PullRequestDetail,
  PullRequestFile,
  PullRequestFileContent,
  PullRequestFileContentQuery,
  PullRequestMerge,
  PullRequestQuery,
  RequestedReviewers,
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
import {
  Accepts,
  AcceptsIdempotencyKey,
  Answers,
  Creates,
  Documented,
  Identifies,
  NumbersPullRequest,
  Operation,
} from './documented.js';

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
  @Operation(
    'ListPullRequests',
    'List pull requests',
    'Returns the pull requests of the repository of a project, most recent first.',
  )
  @Identifies('project')
  @Answers(pageOf(pullRequestSchema, 'PullRequestPage'))
  list(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: pullRequestQuerySchema }) query: PullRequestQuery,
  ): Promise<Page<PullRequest>> {
    return this.pullRequests.list(caller, id, query);
  }

  @Post()
  @Operation(
    'CreatePullRequest',
    'Create a pull request',
    'Opens a pull request on the server, as the caller’s account if the caller signed in there, or else as the app.',
  )
  @Identifies('project')
  @Requires('write')
  @AcceptsIdempotencyKey()
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

  @Get(':number')
  @Operation(
    'GetPullRequest',
    'Get a pull request',
    'Reads the pull request from the server, with its reviews, commits, checks and merge readiness.',
  )
  @Identifies('project')
  @NumbersPullRequest()
  @Answers(pullRequestDetailSchema)
  get(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
  ): Promise<PullRequestDetail> {
    return this.details.get(caller, id, number);
  }

  @Patch(':number')
  @Operation(
    'UpdatePullRequest',
    'Update a pull request',
    'Changes title, description, base, state or draft. Omitted fields keep their values.',
  )
  @Identifies('project')
  @NumbersPullRequest()
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

  @Get(':number/files')
  @Operation(
    'ListPullRequestFiles',
    'List the changed files of a pull request',
    'Reads the files from the server, at most 3,000. The status is 409 if the head changed since the first page.',
  )
  @Identifies('project')
  @NumbersPullRequest()
  @Answers(forwardPageOf(pullRequestFileSchema, 'PullRequestFilePage'))
  files(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Query({ schema: forwardPageQuerySchema }) query: ForwardPageQuery,
  ): Promise<ForwardPage<PullRequestFile>> {
    return this.details.files(caller, id, number, query);
  }

  @Get(':number/files/content')
  @Operation('GetPullRequestFileContent', 'Get a changed file before and after')
  @Identifies('project')
  @NumbersPullRequest()
  @Answers(pullRequestFileContentSchema)
  content(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Query({ schema: pullRequestFileContentQuerySchema }) query: PullRequestFileContentQuery,
  ): Promise<PullRequestFileContent> {
    return this.details.content(caller, id, number, query);
  }

  @Get(':number/comments')
  @Operation(
    'ListPullRequestComments',
    'List the comments on a pull request',
    'Reads the conversation and the comments on lines from the server, oldest first.',
  )
  @Identifies('project')
  @NumbersPullRequest()
  @Answers(pullRequestCommentsSchema)
  comments(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
  ): Promise<PullRequestComments> {
    return this.details.comments(caller, id, number);
  }

  @Post(':number/comments')
  @Operation(
    'CreatePullRequestComment',
    'Comment on a pull request',
    'Writes a comment on the server, as the caller’s account if the caller signed in there, or else as the app with a line that names the caller.',
  )
  @Identifies('project')
  @NumbersPullRequest()
  @Requires('write')
  @AcceptsIdempotencyKey()
  @Creates(pullRequestCommentSchema)
  @Records('pull-request.comment')
  comment(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Body({ schema: createPullRequestCommentSchema }) input: CreatePullRequestComment,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<PullRequestComment> {
    const operation = ['comment on pull request', id, Number(number), input];
    return this.idempotency.once(caller, key, operation, () => this.changes.comment(caller, id, number, input));
  }

  @Put(':number/requested-reviewers')
  @Operation(
    'SetRequestedReviewers',
    'Set the requested reviewers of a pull request',
    'Requests the reviewers that are missing on the server, and removes the others.',
  )
  @Identifies('project')
  @NumbersPullRequest()
  @Requires('write')
  @Answers(requestedReviewersSchema)
  @Records('pull-request.set-reviewers')
  setReviewers(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('number') number: string,
    @Body({ schema: requestedReviewersSchema }) reviewers: RequestedReviewers,
  ): Promise<RequestedReviewers> {
    return this.changes.setReviewers(caller, id, number, reviewers);
  }

  @Post(':number/merge')
  @Operation(
    'MergePullRequest',
    'Merge a pull request',
    'Merges the pull request on the server if its head is still `headCommit`.',
  )
  @Identifies('project')
  @NumbersPullRequest()
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

  @Post(':number/update-branch')
  @Operation(
    'UpdatePullRequestBranch',
    'Update the branch of a pull request',
    'Schedules a merge of the base into the head branch, on the server.',
  )
  @Identifies('project')
  @NumbersPullRequest()
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
