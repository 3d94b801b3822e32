import { Metadata } from '@grpc/grpc-js';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { Inject } from '@nestjs/common';
import { Ctx, GrpcMethod, GrpcStreamCall, Payload } from '@nestjs/microservices';
import {
  createBranchSchema,
  createCommitSchema,
  deleteBranchQuerySchema,
  serverBranchQuerySchema,
  syncBranchSchema,
} from '@reunite/contracts';
import type { Branch, ForwardPage, MadeCommit, ServerBranch, SyncedBranch, Upload } from '@reunite/contracts';
import type {
  CreateBranchRequest,
  CreateCommitRequest,
  CreateUploadRequest,
  DeleteBranchRequest,
  ListServerBranchesRequest,
  SyncBranchRequest,
} from '@reunite/contracts/bridge';
import { BranchesService } from '../application/commits/branches.service.js';
import { CommitsService } from '../application/commits/commits.service.js';
import { UploadsService } from '../application/commits/uploads.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { GrpcController } from './grpc-server.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { withUploadStream } from './upload-stream.js';

@GrpcController()
export class CommitsGrpcController {
  constructor(
    private readonly commits: CommitsService,
    private readonly branches: BranchesService,
    private readonly uploads: UploadsService,
    private readonly idempotency: IdempotencyService,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Requires('write')
  @GrpcMethod('Commits', 'CreateCommit')
  @Records('commit.create')
  async commit(
    @CurrentCaller() caller: Caller,
    @Payload() request: CreateCommitRequest,
    @Ctx() metadata: Metadata,
  ): Promise<MadeCommit> {
    const { id } = request;
    const input = validated(createCommitSchema, request);
    return this.idempotency.once(caller, idempotencyKeyOf(metadata), ['commit', id, input], () =>
      this.commits.create(caller, id, input),
    );
  }

  @Requires('write')
  @GrpcStreamCall('Commits', 'CreateUpload')
  @Records('upload.create')
  async upload(
    @CurrentCaller() caller: Caller,
    @Payload() stream: ServerReadableStream<CreateUploadRequest, Upload>,
  ): Promise<Upload> {
    return withUploadStream(stream, this.settings.uploads.pace, (projectId, source) =>
      this.uploads.create(caller, projectId, () => source),
    );
  }

  @GrpcMethod('Commits', 'ListServerBranches')
  async listBranches(
    @CurrentCaller() caller: Caller,
    @Payload() request: ListServerBranchesRequest,
  ): Promise<ForwardPage<ServerBranch>> {
    return this.branches.list(caller, request.id, validated(serverBranchQuerySchema, request));
  }

  @Requires('write')
  @GrpcMethod('Commits', 'CreateBranch')
  @Records('branch.create')
  async createBranch(
    @CurrentCaller() caller: Caller,
    @Payload() request: CreateBranchRequest,
    @Ctx() metadata: Metadata,
  ): Promise<Branch> {
    const { id } = request;
    const input = validated(createBranchSchema, request);
    return this.idempotency.once(caller, idempotencyKeyOf(metadata), ['create branch', id, input], () =>
      this.branches.create(caller, id, input),
    );
  }

  @Requires('write')
  @GrpcMethod('Commits', 'DeleteBranch')
  @Records('branch.delete')
  async deleteBranch(@CurrentCaller() caller: Caller, @Payload() request: DeleteBranchRequest): Promise<object> {
    const query = { ...request, closePullRequests: String(request.closePullRequests) };
    await this.branches.delete(caller, request.id, validated(deleteBranchQuerySchema, query));
    return {};
  }

  @Requires('write')
  @GrpcMethod('Commits', 'SyncBranch')
  @Records('branch.sync')
  async syncBranch(@CurrentCaller() caller: Caller, @Payload() request: SyncBranchRequest): Promise<SyncedBranch> {
    return this.branches.sync(caller, request.id, validated(syncBranchSchema, request));
  }
}
