import { Inject, Injectable } from '@nestjs/common';
import { NotFoundError } from '@reunite/contracts';
import type { Page, PullRequest, PullRequestQuery } from '@reunite/contracts';
import { commitsOf, contextPrefix, previewsOfCommits, previewsOfRefs, previewUrl } from '@reunite/deployments';
import type { ProjectEntity } from '@reunite/deployments';
import { findPullRequest, listPullRequests } from '@reunite/pull-requests';
import type { PullRequestEntity, PullRequestRow } from '@reunite/pull-requests';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { mapPage, pageOfRows, readCursors } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';
import { pullRequestView, refsOf } from './pull-request.view.js';

/** Mirrored pull requests. */
@Injectable()
export class PullRequestsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Lists pull requests, the highest number first. */
  async list(caller: Caller, projectId: string, query: PullRequestQuery): Promise<Page<PullRequest>> {
    const project = await this.lookup.project(caller.organizationId, projectId);
    // One row more than the page shows whether there is a next page.
    const filters = { ...query, ...readCursors(query), limit: query.limit + 1 };
    const rows = await listPullRequests(this.dataSource, scopeOf(project), filters);
    const page = pageOfRows(rows, query, ({ pull }) => pull.id);
    const view = await this.viewsOf(project, page.items);
    return mapPage(page, view);
  }

  /** Returns one mirrored pull request. @throws NotFoundError */
  async one(project: ProjectEntity, number: number): Promise<{ pull: PullRequestEntity; view: PullRequest }> {
    const row = await findPullRequest(this.dataSource, scopeOf(project), number);
    if (!row) throw new NotFoundError(`Pull request #${number} does not exist.`);
    const view = await this.viewsOf(project, [row]);
    return { pull: row.pull, view: view(row) };
  }

  private async viewsOf(
    project: ProjectEntity,
    rows: readonly PullRequestRow[],
  ): Promise<(row: PullRequestRow) => PullRequest> {
    const previewOf = await this.previewsOf(
      project.id,
      rows.map(({ pull }) => pull),
    );
    return ({ pull, checks }) => pullRequestView(pull, { checks, previewUrl: previewOf(pull) });
  }

  /**
   * An open pull request shows the newest preview of its head's ref. A closed or merged one shows the preview of its
   * last commit: its branch may belong to another pull request by now.
   */
  private async previewsOf(
    projectId: string,
    pulls: readonly PullRequestEntity[],
  ): Promise<(pull: PullRequestEntity) => string | null> {
    const ended = pulls.filter(({ state }) => state !== 'open');
    const open = pulls.filter(({ state }) => state === 'open');
    const commits = ended.map(({ headCommit }) => headCommit);
    const [newest, last] = await Promise.all([
      previewsOfRefs(this.dataSource, projectId, open.flatMap(refsOf)),
      previewsOfCommits(this.dataSource, projectId, ended.flatMap(refsOf), commits),
    ]);
    return (pull) => {
      const isOpen = pull.state === 'open';
      const own = (isOpen ? newest : last).filter((one) => isOpen || commitsOf(one).includes(pull.headCommit));
      const [preview] = refsOf(pull).flatMap((ref) => own.filter(({ refName }) => refName === ref));
      return preview ? previewUrl(this.settings.previewUrlTemplate, preview.id) : null;
    };
  }
}

function scopeOf({ repositoryId, name }: ProjectEntity) {
  return { repositoryId, contexts: contextPrefix(name) };
}
