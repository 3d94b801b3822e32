import { Injectable } from '@nestjs/common';
import type { Checks } from '@reunite/contracts';
import { checkRunProblem, DeploymentCheckEntity, DeploymentFindingEntity } from '@reunite/deployments';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Results of the checks of a deployment. */
@Injectable()
export class DeploymentChecksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
  ) {}

  async list({ organizationId }: Caller, id: string): Promise<Checks> {
    const { id: deploymentId, projectId, commit } = await this.lookup.deployment(organizationId, id);
    const { manager } = this.dataSource;
    const checks = await manager.find(DeploymentCheckEntity, { where: { deploymentId }, order: { name: 'DESC' } });
    const findings = await manager.find(DeploymentFindingEntity, {
      where: { deploymentId },
      order: { sequence: 'ASC' },
    });
    const items = checks.map(({ name, state, summary, errors, warnings, newErrors, newWarnings, finishedAt }) => ({
      ...{ name, state, summary, errors, warnings, newErrors, newWarnings },
      finishedAt: finishedAt?.toISOString() ?? null,
      findings: findings
        .filter((finding) => finding.name === name)
        .map(({ severity, rule, message, file, line, column, isNew }) => ({
          ...{ severity, rule, message, file, line, column, isNew },
        })),
    }));
    return { items, checkRunProblem: await checkRunProblem(manager, { projectId, commit }) };
  }
}
