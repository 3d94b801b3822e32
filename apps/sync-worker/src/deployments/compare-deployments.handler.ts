import { NotFoundError } from '@reunite/contracts';
import type { DeploymentComparison, jobs, PayloadOf } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import type { SiteArchive } from '@reunite/site-archive';
import type { ArtifactStore } from '../builds/artifact-store.js';
import { compareSites } from './site-comparison.rules.js';

/** Compares the sites of two deployments. Safe to run twice: it only reads. */
export class CompareDeploymentsHandler implements JobHandler<typeof jobs.compareDeployments> {
  constructor(private readonly artifacts: ArtifactStore) {}

  async handle({ deploymentId, baseId }: PayloadOf<typeof jobs.compareDeployments>): Promise<DeploymentComparison> {
    const [site, base] = await Promise.all([this.site(deploymentId), baseId === null ? null : this.site(baseId)]);
    return { deploymentId, baseId, ...compareSites(site, base) };
  }

  private async site(deploymentId: string): Promise<SiteArchive> {
    const site = await this.artifacts.site(deploymentId);
    if (!site) throw new NotFoundError(`Deployment ${deploymentId} has no site. It was removed, or not built.`);
    return site;
  }
}
