import { Injectable } from '@nestjs/common';
import { InvalidInputError, jobs } from '@reunite/contracts';
import type { DeploymentComparison, DeploymentComparisonQuery } from '@reunite/contracts';
import { DeploymentEntity } from '@reunite/deployments';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

const PATIENCE_MS = 20_000;

/** Compares the sites of deployments. The worker reads them. */
@Injectable()
export class DeploymentComparisonsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
  ) {}

  /** @throws InvalidInputError if the deployments belong to two projects */
  async get(
    { organizationId }: Caller,
    id: string,
    { with: other }: DeploymentComparisonQuery,
  ): Promise<DeploymentComparison> {
    const { id: deploymentId, projectId } = await this.lookup.deployment(organizationId, id);
    const base =
      other === undefined
        ? await this.dataSource.manager.findOneBy(DeploymentEntity, {
            projectId,
            environment: 'production',
            current: true,
          })
        : await this.lookup.deployment(organizationId, other);
    if (base && base.projectId !== projectId) {
      const message = 'Choose a deployment of the same project.';
      throw new InvalidInputError(message, [{ path: 'with', message }]);
    }
    return this.requests.ask(jobs.compareDeployments, { deploymentId, baseId: base?.id ?? null }, PATIENCE_MS);
  }
}
