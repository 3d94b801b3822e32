import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import {
  branchSchema,
  createBranchSchema,
  createCommitSchema,
  deleteBranchQuerySchema,
  madeCommitSchema,
  forwardPageOf,
  serverBranchQuerySchema,
  serverBranchSchema,
  syncBranchSchema,
  syncedBranchSchema,
  uploadSchema,
} from '@reunite/contracts';
import type {
  Branch,
  CreateBranch,
  CreateCommit,
  DeleteBranchQuery,
  MadeCommit,
  ForwardPage,
  ServerBranch,
  ServerBranchQuery,
  SyncBranch,
  SyncedBranch,
  Upload,
} from '@reunite/contracts';
import type { FastifyRequest } from 'fastify';
import { BranchesService } from '../application/commits/branches.service.js';
import { CommitsService } from '../application/commits/commits.service.js';
import { UploadsService } from '../application/commits/uploads.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import {
  AcceptsIdempotencyKey,
  Answers,
  AnswersNothing,
  Creates,
  Documented,
  Identifies,
  Operation,
} from './documented.js';
import { UPLOAD_CONTENT_TYPE, uploadSourceOf } from './upload-bodies.js';

/** Commits and branches of the repository of a project. */
@Documented('Commits and branches')
@Requires('write')
@Controller('v1/projects/:id')
export class CommitsController {
  constructor(
    private readonly commits: CommitsService,
    private readonly branches: BranchesService,
    private readonly uploads: UploadsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Post('commits')
  @Operation(
    'CreateCommit',
    'Create a commit',
    'Commits changes of many files to a branch or to a new one. If the branch is no longer at `expectedHead`, nothing is written and `head` of the problem is its current commit. Send that as `expectedHead` to overwrite.',
  )
  @Identifies('project')
  @AcceptsIdempotencyKey()
  @Creates(madeCommitSchema)
  @Records('commit.create')
  commit(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: createCommitSchema }) input: CreateCommit,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<MadeCommit> {
    return this.idempotency.once(caller, key, ['commit', id, input], () => this.commits.create(caller, id, input));
  }

  @Post('uploads')
  @Operation(
    'CreateUpload',
    'Upload a file',
    'Uploads a file for a later commit. The body is the bytes of the file, with their number in `Content-Length`. Only the caller can commit it, to this project.',
  )
  @Identifies('project')
  @ApiConsumes(UPLOAD_CONTENT_TYPE)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Creates(uploadSchema)
  @Records('upload.create')
  upload(@CurrentCaller() caller: Caller, @Param('id') id: string, @Req() request: FastifyRequest): Promise<Upload> {
    return this.uploads.create(caller, id, () => uploadSourceOf(request));
  }

  @Get('server-branches')
  @Requires('read')
  @Operation(
    'ListServerBranches',
    'List the branches on the server',
    'Reads the branches of the repository from the server by name, and compares them with the production branch.',
  )
  @Identifies('project')
  @Answers(forwardPageOf(serverBranchSchema, 'ServerBranchPage'))
  listBranches(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: serverBranchQuerySchema }) query: ServerBranchQuery,
  ): Promise<ForwardPage<ServerBranch>> {
    return this.branches.list(caller, id, query);
  }

  @Post('branches')
  @Operation('CreateBranch', 'Create a branch', 'Creates a branch on the server, from another branch or from a commit.')
  @Identifies('project')
  @AcceptsIdempotencyKey()
  @Creates(branchSchema)
  @Records('branch.create')
  createBranch(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: createBranchSchema }) input: CreateBranch,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Branch> {
    const operation = ['create branch', id, input];
    return this.idempotency.once(caller, key, operation, () => this.branches.create(caller, id, input));
  }

  @Delete('branches')
  @Operation(
    'DeleteBranch',
    'Delete a branch',
    'Deletes a branch on the server. It is rejected while pull requests use the branch, unless `closePullRequests` is true.',
  )
  @Identifies('project')
  @HttpCode(204)
  @AnswersNothing()
  @Records('branch.delete')
  deleteBranch(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: deleteBranchQuerySchema }) query: DeleteBranchQuery,
  ): Promise<void> {
    return this.branches.delete(caller, id, query);
  }

  @Post('branches/sync')
  @Operation(
    'SyncBranch',
    'Merge the production branch into a branch',
    'Merges the production branch into another branch, on the server.',
  )
  @Identifies('project')
  @HttpCode(200)
  @Answers(syncedBranchSchema)
  @Records('branch.sync')
  syncBranch(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: syncBranchSchema }) input: SyncBranch,
  ): Promise<SyncedBranch> {
    return this.branches.sync(caller, id, input);
  }
}
