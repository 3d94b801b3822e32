import { Inject, Injectable } from '@nestjs/common';
import { jobs } from '@reunite/contracts';
import type { CreateCommit, MadeCommit } from '@reunite/contracts';
import { claimUploads, saveCommitRequest } from '@reunite/repositories';
import type { ClaimedUploads } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { CommitConflictError } from './commit-conflict.error.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { interactive, WRITE_TIMEOUT_MS } from '../jobs/interactive-request.js';
import { ProductionCommits } from './production-commits.service.js';
import { assertAvailable } from '../repositories/repositories.service.js';
import { requestedChanges } from './requested-changes.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Creates the commits of the editor. */
@Injectable()
export class CommitsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly production: ProductionCommits,
    private readonly requests: JobRequests,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /**
   * @throws CommitConflictError if the branch has other commits; nothing is written
   * @throws ForbiddenError see {@link ProductionCommits}
   */
  async create(caller: Caller, projectId: string, input: CreateCommit): Promise<MadeCommit> {
    const { repositoryId, rootFolder } = await this.lookup.project(caller.organizationId, projectId);
    assertAvailable(await this.lookup.repository(caller.organizationId, repositoryId));
    await this.production.assertAllowed(caller, repositoryId, input.branch);
    const owner = { organizationId: caller.organizationId, projectId, subject: caller.subject };
    const ids = input.changes.flatMap((change) => ('upload' in change && change.upload ? [change.upload] : []));
    const uploads: ClaimedUploads =
      ids.length === 0 ? new Map() : await claimUploads(this.dataSource.manager, owner, ids);
    const changes = requestedChanges(input.changes, rootFolder, this.settings.commitLimits, uploads);
    // Files are too large for a job, so the database stores them.
    const requestId = await this.dataSource.transaction((db) =>
      saveCommitRequest(db, { ...input, repositoryId }, changes),
    );
    const payload = { requestId, ...interactive(caller) };
    const answer = await this.requests.ask(jobs.makeCommit, payload, WRITE_TIMEOUT_MS);
    if (answer.outcome === 'made') {
      const { branch, commit, author } = answer;
      return { branch, commit, author };
    }
    const below = rootFolder === '' ? 0 : rootFolder.length + 1;
    throw new CommitConflictError(
      input.branch,
      answer.head,
      answer.files.map((path) => path.slice(below)),
    );
  }
}
