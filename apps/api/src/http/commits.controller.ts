import { Body, Controller, Delete, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import {
  branchSchema,
  createBranchSchema,
  createCommitSchema,
  deleteBranchQuerySchema,
  madeCommitSchema,
  syncBranchSchema,
  syncedBranchSchema,
} from '@reunite/contracts';
import type {
  Branch,
  CreateBranch,
  CreateCommit,
  DeleteBranchQuery,
  MadeCommit,
  SyncBranch,
  SyncedBranch,
} from '@reunite/contracts';
import { BranchesService } from '../application/commits/branches.service.js';
import { CommitsService } from '../application/commits/commits.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, AnswersNothing, Creates, Documented } from './documented.js';

/** Commits and branches of the repository of a project. */
@Documented('Commits and branches')
@Requires('write')
@Controller('v1/projects/:id')
export class CommitsController {
  constructor(
    private readonly commits: CommitsService,
    private readonly branches: BranchesService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Commits changes of many files to a branch or to a new one. If the branch is no longer at `expectedHead`, nothing
   * is written and `head` of the problem is its current commit. Send that as `expectedHead` to overwrite.
   */
  @Post('commits')
  @ApiHeader({ name: 'idempotency-key', required: false })
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

  @Post('branches')
  @ApiHeader({ name: 'idempotency-key', required: false })
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

  /** Merges the production branch into another branch. */
  @Post('branches/sync')
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
