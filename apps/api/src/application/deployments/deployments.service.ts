import { Inject, Injectable } from '@nestjs/common';
import type { Deployment, DeploymentQuery, LogLine, Page } from '@reunite/contracts';
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

@Injectable()
export class DeploymentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async list({ organizationId }: Caller, projectId: string, wanted: DeploymentQuery): Promise<Page<Deployment>> {
    const { environment, state, branch } = wanted;
    const project = await this.lookup.project(organizationId, projectId);
    const query = this.dataSource
      .createQueryBuilder(DeploymentEntity, 'deployment')
      .where('deployment.projectId = :projectId', { projectId: project.id });
    if (environment) query.andWhere('deployment.environment = :environment', { environment });
    if (state) query.andWhere('deployment.state = :state', { state });
    // The list shows the head of a fork's pull request as `pull/7/head`.
    const names = branch && [branchRef(branch), `refs/${branch}`];
    if (names) query.andWhere('deployment.refName IN (:...names)', { names });
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
