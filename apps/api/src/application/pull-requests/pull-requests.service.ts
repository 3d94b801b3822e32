import { Inject, Injectable } from '@nestjs/common';
import { NotFoundError } from '@reunite/contracts';
import type { Page, PullRequest, PullRequestChecks, PullRequestQuery } from '@reunite/contracts';
import { commitsOf, contextPrefix, DeploymentEntity, previewUrl } from '@reunite/deployments';
import type { ProjectEntity } from '@reunite/deployments';
import { PullRequestEntity } from '@reunite/pull-requests';
import { DataSource } from 'typeorm';
import type { SelectQueryBuilder } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { mapPage, pageOfRows, readCursor } from '../paging.js';
import { pullRequestView, refsOf } from './pull-request.view.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** What the project's statuses of a head come to: the newest of each context counts, in whatever case. */
const CHECKS = `(
  SELECT CASE WHEN count(*) = 0 THEN 'none' WHEN bool_or(newest.state IN ('failure', 'error')) THEN 'failure'
    WHEN bool_or(newest.state = 'pending') THEN 'pending' ELSE 'success' END
  FROM (
    SELECT DISTINCT ON (lower(said.context)) said.state FROM commit_status said
    WHERE said.repository_id = pull.repository_id AND said.commit = pull.head_commit
      AND starts_with(lower(said.context), lower(:contexts))
    ORDER BY lower(said.context), said.sequence DESC
  ) newest
)`;

interface Row {
  readonly pull: PullRequestEntity;
  readonly checks: PullRequestChecks;
}

/** Pull requests as they are mirrored. */
@Injectable()
export class PullRequestsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** By number, the newest first. */
  async list(caller: Caller, projectId: string, asked: PullRequestQuery): Promise<Page<PullRequest>> {
    const project = await this.lookup.project(caller.organizationId, projectId);
    const query = this.query(project);
    filter(query, asked);
    if (asked.after !== undefined) {
      const last = '(SELECT p.number FROM pull_request p WHERE p.id = :after AND p.repository_id = :repositoryId)';
      query.andWhere(`pull.number < ${last}`, { after: readCursor(asked.after) });
    }
    const rows = await rowsOf(query.orderBy('pull.number', 'DESC').limit(asked.limit + 1));
    const page = pageOfRows(rows, asked.limit, ({ pull }) => pull.id);
    const view = await this.viewsOf(project, page.items);
    return mapPage(page, view);
  }

  /** One that is mirrored. @throws NotFoundError */
  async one(project: ProjectEntity, number: number): Promise<{ pull: PullRequestEntity; view: PullRequest }> {
    const [row] = await rowsOf(this.query(project).andWhere('pull.number = :number', { number }));
    if (!row) throw new NotFoundError(`There is no pull request #${number}.`);
    const view = await this.viewsOf(project, [row]);
    return { pull: row.pull, view: view(row) };
  }

  private query({ repositoryId, name }: ProjectEntity): SelectQueryBuilder<PullRequestEntity> {
    return this.dataSource
      .createQueryBuilder(PullRequestEntity, 'pull')
      .addSelect(CHECKS, 'checks')
      .where('pull.repositoryId = :repositoryId', { repositoryId, contexts: contextPrefix(name) });
  }

  private async viewsOf(project: ProjectEntity, rows: readonly Row[]): Promise<(row: Row) => PullRequest> {
    const previewOf = await this.previewsOf(
      project.id,
      rows.map(({ pull }) => pull),
    );
    return ({ pull, checks }) => pullRequestView(pull, { checks, previewUrl: previewOf(pull) });
  }

  /**
   * The newest preview of an open one's head; of one that has ended that of its last commit, since its branch may be another
   * one's by now.
   */
  private async previewsOf(
    projectId: string,
    pulls: readonly PullRequestEntity[],
  ): Promise<(pull: PullRequestEntity) => string | null> {
    const ended = pulls.filter(({ state }) => state !== 'open');
    const open = pulls.filter((pull) => !ended.includes(pull));
    const [newest, last] = await Promise.all([this.previews(projectId, open), this.previews(projectId, ended, true)]);
    return (pull) => {
      const isOpen = pull.state === 'open';
      const own = (isOpen ? newest : last).filter((one) => isOpen || commitsOf(one).includes(pull.headCommit));
      const [preview] = refsOf(pull).flatMap((ref) => own.filter(({ refName }) => refName === ref));
      return preview ? previewUrl(this.settings.previewUrlTemplate, preview.id) : null;
    };
  }

  /** The newest preview that was built for each of these heads' refs; or all of their last commits there, newest first. */
  private async previews(
    projectId: string,
    pulls: readonly PullRequestEntity[],
    ofCommits = false,
  ): Promise<DeploymentEntity[]> {
    if (pulls.length === 0) return [];
    const query = this.dataSource
      .createQueryBuilder(DeploymentEntity, 'deployment')
      .where('deployment.projectId = :projectId', { projectId })
      .andWhere(`deployment.environment = 'preview' AND deployment.state = 'success'`)
      .andWhere('deployment.refName IN (:...refs)', { refs: pulls.flatMap(refsOf) })
      .orderBy('deployment.refName');
    if (ofCommits) {
      const commits = pulls.map(({ headCommit }) => headCommit);
      const isOfOne = 'deployment.commit = ANY(:commits) OR deployment.laterCommits && :commits';
      query.andWhere(`(${isOfOne})`, { commits });
    } else query.distinctOn(['deployment.refName']);
    return query.addOrderBy('deployment.id', 'DESC').getMany();
  }
}

function filter(query: SelectQueryBuilder<PullRequestEntity>, asked: PullRequestQuery): void {
  const { state, draft, checks, creator, search } = asked;
  if (state) query.andWhere('pull.state = :state', { state });
  if (draft !== undefined) query.andWhere('pull.draft = :draft', { draft });
  if (checks) query.andWhere(`${CHECKS} = :checks`, { checks });
  if (creator) query.andWhere('lower(pull.author) = lower(:creator)', { creator });
  if (search) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    const number = search.trim().replace(/^#/, '');
    query.andWhere('(pull.title ILIKE :pattern OR pull.number::text = :number)', { pattern, number });
  }
}

async function rowsOf(query: SelectQueryBuilder<PullRequestEntity>): Promise<Row[]> {
  const { entities, raw } = await query.getRawAndEntities<{ checks: PullRequestChecks }>();
  return entities.map((pull, index) => ({ pull, checks: raw[index]?.checks ?? 'none' }));
}
