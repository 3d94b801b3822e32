import { Inject, Injectable } from '@nestjs/common';
import type { Deployment, DeploymentQuery, LogLine, Page } from '@reunite/contracts';
import { lowestId } from '@reunite/contracts';
import { DeploymentEntity, DeploymentLogEntity } from '@reunite/deployments';
import { branchRef } from '@reunite/repositories';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { deploymentView, logLineView } from './deployment.view.js';
import { mapPage, newestFirst } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Maximum number of log lines in a response. */
const MAX_LOG_LINES = 5_000;

/** Matches the row or the title of the pull request whose head it built. */
const SEARCH = `(deployment.id = :id OR deployment.commit LIKE :commit OR deployment.refName ILIKE :part
  OR deployment.triggeredByName ILIKE :part OR EXISTS (
    SELECT 1 FROM pull_request pull
    WHERE pull.repository_id = :repositoryId AND pull.title ILIKE :part AND deployment.ref_name =
      CASE WHEN pull.fork THEN 'refs/pull/' || pull.number || '/head' ELSE 'refs/heads/' || pull.head_branch END))`;

function searchParameters(search: string): Record<'id' | 'commit' | 'part', string> {
  const text = search.replace(/[\\%_]/g, '\\$&');
  return { id: search, commit: `${text.toLowerCase()}%`, part: `%${text}%` };
}

@Injectable()
export class DeploymentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async list({ organizationId }: Caller, projectId: string, wanted: DeploymentQuery): Promise<Page<Deployment>> {
    const { environment, state, branch, since, until, search } = wanted;
    const project = await this.lookup.project(organizationId, projectId);
    const query = this.dataSource
      .createQueryBuilder(DeploymentEntity, 'deployment')
      .where('deployment.projectId = :projectId', { projectId: project.id });
    if (environment) query.andWhere('deployment.environment = :environment', { environment });
    if (state) query.andWhere('deployment.state = :state', { state });
    // The list shows the head of a fork's pull request as `pull/7/head`.
    const names = branch && [branchRef(branch), `refs/${branch}`];
    if (names) query.andWhere('deployment.refName IN (:...names)', { names });
    // Ids sort by time of creation, and the index of the list has them.
    if (since) query.andWhere('deployment.id >= :since', { since: lowestId('deployment', Date.parse(since)) });
    if (until) query.andWhere('deployment.id < :until', { until: lowestId('deployment', Date.parse(until)) });
    if (search) query.andWhere(SEARCH, { ...searchParameters(search), repositoryId: project.repositoryId });
    const view = (deployment: DeploymentEntity) => deploymentView(deployment, this.settings.previewUrlTemplate);
    return mapPage(await newestFirst(query, wanted), view);
  }

  async get({ organizationId }: Caller, id: string): Promise<Deployment> {
    return deploymentView(await this.lookup.deployment(organizationId, id), this.settings.previewUrlTemplate);
  }

  async log({ organizationId }: Caller, id: string): Promise<LogLine[]> {
    const deployment = await this.lookup.deployment(organizationId, id);
    const lines = await this.dataSource.manager.find(DeploymentLogEntity, {
      where: { deploymentId: deployment.id },
      order: { sequence: 'ASC' },
      take: MAX_LOG_LINES,
    });
    return lines.map(logLineView);
  }
}
