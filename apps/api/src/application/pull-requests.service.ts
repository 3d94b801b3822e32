import { Inject, Injectable } from '@nestjs/common';
import type { Page, PullRequest, PullRequestQuery } from '@reunite/contracts';
import { DeploymentEntity, previewUrl } from '@reunite/deployments';
import { branchRef, PullRequestEntity, pullRequestRef } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { mapPage, pageOfRows, readCursor } from './paging.js';
import { TenantLookup } from './tenant-lookup.service.js';

@Injectable()
export class PullRequestsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** By number, the newest first. */
  async list(caller: Caller, projectId: string, { limit, after, state }: PullRequestQuery): Promise<Page<PullRequest>> {
    const { id, repositoryId } = await this.lookup.project(caller.organizationId, projectId);
    const query = this.dataSource
      .createQueryBuilder(PullRequestEntity, 'pull')
      .where('pull.repositoryId = :repositoryId', { repositoryId });
    if (state) query.andWhere('pull.state = :state', { state });
    if (after !== undefined) {
      const last = '(SELECT p.number FROM pull_request p WHERE p.id = :after AND p.repository_id = :repositoryId)';
      query.andWhere(`pull.number < ${last}`, { after: readCursor(after) });
    }
    const rows = await query
      .orderBy('pull.number', 'DESC')
      .limit(limit + 1)
      .getMany();
    const page = pageOfRows(rows, limit, (row) => row.id);
    const previews = await this.previewsOf(id, page.items);
    return mapPage(page, (pull) => pullRequestView(pull, previews));
  }

  /** The newest preview that was built for each of these heads, by ref. */
  private async previewsOf(projectId: string, pulls: readonly PullRequestEntity[]): Promise<Map<string, string>> {
    if (pulls.length === 0) return new Map();
    const deployments = await this.dataSource
      .createQueryBuilder(DeploymentEntity, 'deployment')
      .distinctOn(['deployment.refName'])
      .where('deployment.projectId = :projectId', { projectId })
      .andWhere(`deployment.environment = 'preview' AND deployment.state = 'success'`)
      .andWhere('deployment.refName IN (:...refs)', { refs: pulls.flatMap(refsOf) })
      .orderBy('deployment.refName')
      .addOrderBy('deployment.id', 'DESC')
      .getMany();
    return new Map(deployments.map(({ refName, id }) => [refName, previewUrl(this.settings.previewUrlTemplate, id)]));
  }
}

/** Where a head may be built from. A fork's branch is not ours of the same name. */
function refsOf({ number, headBranch, fork }: PullRequestEntity): string[] {
  return fork ? [pullRequestRef(number)] : [pullRequestRef(number), branchRef(headBranch)];
}

function pullRequestView(pull: PullRequestEntity, previews: ReadonlyMap<string, string>): PullRequest {
  const { id, number, title, state, draft, author, headBranch, baseBranch, headCommit, fork, htmlUrl } = pull;
  const [preview] = refsOf(pull).flatMap((ref) => previews.get(ref) ?? []);
  return {
    id,
    number,
    title,
    state,
    draft,
    author,
    headBranch,
    baseBranch,
    headCommit,
    fork,
    htmlUrl,
    previewUrl: preview ?? null,
    updatedAt: pull.updatedAt.toISOString(),
  };
}
