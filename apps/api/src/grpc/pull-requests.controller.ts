import { Metadata } from '@grpc/grpc-js';
import { Ctx, GrpcMethod, Payload } from '@nestjs/microservices';
import {
  createPullRequestCommentSchema,
  createPullRequestSchema,
  mergePullRequestSchema,
  forwardPageQuerySchema,
  pullRequestFileContentQuerySchema,
  pullRequestQuerySchema,
  requestedReviewersSchema,
  updatePullRequestBranchSchema,
  updatePullRequestSchema,
} from '@reunite/contracts';
import type {
  ForwardPage,
  Page,
  PullRequest,
  PullRequestComment,
  PullRequestComments,
  PullRequestDetail,
  PullRequestFile,
  PullRequestFileContent,
  PullRequestMerge,
  RequestedReviewers,
} from '@reunite/contracts';
import type {
  CreatePullRequestCommentRequest,
  CreatePullRequestRequest,
  GetPullRequestFileContentRequest,
  ListPullRequestFilesRequest,
  ListPullRequestsRequest,
  MergePullRequestRequest,
  PullRequestRequest,
  SetRequestedReviewersRequest,
  UpdatePullRequestBranchRequest,
  UpdatePullRequestRequest,
} from '@reunite/contracts/bridge';
import { IdempotencyService } from '../application/idempotency.service.js';
import { PullRequestChangesService } from '../application/pull-requests/pull-request-changes.service.js';
import { PullRequestDetailsService } from '../application/pull-requests/pull-request-details.service.js';
import { PullRequestsService } from '../application/pull-requests/pull-requests.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';
import { idempotencyKeyOf } from './idempotency-key.js';

@GrpcController()
export class PullRequestsGrpcController {
  constructor(
    private readonly pullRequests: PullRequestsService,
    private readonly details: PullRequestDetailsService,
    private readonly changes: PullRequestChangesService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @GrpcMethod('Projects', 'ListPullRequests')
  list(@CurrentCaller() caller: Caller, @Payload() request: ListPullRequestsRequest): Promise<Page<PullRequest>> {
    return this.pullRequests.list(caller, request.id, validated(pullRequestQuerySchema, request));
  }

  @GrpcMethod('PullRequests', 'GetPullRequest')
  get(@CurrentCaller() caller: Caller, @Payload() { id, number }: PullRequestRequest): Promise<PullRequestDetail> {
    return this.details.get(caller, id, number);
  }

  @GrpcMethod('PullRequests', 'ListPullRequestFiles')
  files(
    @CurrentCaller() caller: Caller,
    @Payload() request: ListPullRequestFilesRequest,
  ): Promise<ForwardPage<PullRequestFile>> {
    return this.details.files(caller, request.id, request.number, validated(forwardPageQuerySchema, request));
  }

  @GrpcMethod('PullRequests', 'GetPullRequestFileContent')
  content(
    @CurrentCaller() caller: Caller,
    @Payload() request: GetPullRequestFileContentRequest,
  ): Promise<PullRequestFileContent> {
    const query = validated(pullRequestFileContentQuerySchema, request);
    return this.details.content(caller, request.id, request.number, query);
  }

  @GrpcMethod('PullRequests', 'ListPullRequestComments')
  comments(
    @CurrentCaller() caller: Caller,
    @Payload() { id, number }: PullRequestRequest,
  ): Promise<PullRequestComments> {
    return this.details.comments(caller, id, number);
  }

  @Requires('write')
  @GrpcMethod('PullRequests', 'CreatePullRequestComment')
  @Records('pull-request.comment')
  comment(
    @CurrentCaller() caller: Caller,
    @Payload() request: CreatePullRequestCommentRequest,
    @Ctx() metadata: Metadata,
  ): Promise<PullRequestComment> {
    const { id, number } = request;
    const input = validated(createPullRequestCommentSchema, request);
    const operation = ['comment on pull request', id, number, input];
    return this.idempotency.once(caller, idempotencyKeyOf(metadata), operation, () =>
      this.changes.comment(caller, id, number, input),
    );
  }

  @Requires('write')
  @GrpcMethod('PullRequests', 'SetRequestedReviewers')
  @Records('pull-request.set-reviewers')
  setReviewers(
    @CurrentCaller() caller: Caller,
    @Payload() request: SetRequestedReviewersRequest,
  ): Promise<RequestedReviewers> {
    const reviewers = validated(requestedReviewersSchema, request);
    return this.changes.setReviewers(caller, request.id, request.number, reviewers);
  }

  @Requires('write')
  @GrpcMethod('PullRequests', 'CreatePullRequest')
  @Records('pull-request.create')
  create(
    @CurrentCaller() caller: Caller,
    @Payload() request: CreatePullRequestRequest,
    @Ctx() metadata: Metadata,
  ): Promise<PullRequest> {
    const input = validated(createPullRequestSchema, request);
    const operation = ['create pull request', request.id, input];
    return this.idempotency.once(caller, idempotencyKeyOf(metadata), operation, () =>
      this.changes.create(caller, request.id, input),
    );
  }

  @Requires('write')
  @GrpcMethod('PullRequests', 'UpdatePullRequest')
  @Records('pull-request.update')
  update(@CurrentCaller() caller: Caller, @Payload() request: UpdatePullRequestRequest): Promise<PullRequest> {
    const change = validated(updatePullRequestSchema, request);
    return this.changes.update(caller, request.id, request.number, change);
  }

  @Requires('maintain')
  @GrpcMethod('PullRequests', 'MergePullRequest')
  @Records('pull-request.merge')
  merge(@CurrentCaller() caller: Caller, @Payload() request: MergePullRequestRequest): Promise<PullRequestMerge> {
    const merge = validated(mergePullRequestSchema, request);
    return this.changes.merge(caller, request.id, request.number, merge);
  }

  @Requires('write')
  @GrpcMethod('PullRequests', 'UpdatePullRequestBranch')
  @Records('pull-request.update-branch')
  async updateBranch(
    @CurrentCaller() caller: Caller,
    @Payload() request: UpdatePullRequestBranchRequest,
  ): Promise<object> {
    const looked = validated(updatePullRequestBranchSchema, request);
    await this.changes.updateBranch(caller, request.id, request.number, looked);
    return {};
  }
}
