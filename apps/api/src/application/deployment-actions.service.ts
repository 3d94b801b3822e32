import { Inject, Injectable } from '@nestjs/common';
import { jobs } from '@reunite/contracts';
import type { Deployment } from '@reunite/contracts';
import { cancelDeployment, previewUrl, promote, redeploy } from '@reunite/deployments';
import type { Asked, CommitStatusKey, DeploymentEntity } from '@reunite/deployments';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { deploymentView } from './deployment.view.js';
import { JobRequests } from './job-requests.service.js';
import { TenantLookup } from './tenant-lookup.service.js';

type Action = (db: EntityManager, id: string, asked: Asked) => Promise<DeploymentEntity>;

/** What people do with a deployment. */
@Injectable()
export class DeploymentActionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** The same commit once more, built anew. @returns the new deployment @throws ConflictError */
  async redeploy(caller: Caller, id: string): Promise<Deployment> {
    const made = await this.act(caller, id, redeploy);
    const preview = made.environment === 'preview';
    await this.requests.follow(jobs.buildDeployment, { deploymentId: made.id, preview });
    return made;
  }

  /** What the deployment shows becomes production. @returns the new deployment @throws ConflictError */
  async promote(caller: Caller, id: string): Promise<Deployment> {
    const made = await this.act(caller, id, promote);
    await this.requests.follow(jobs.promoteDeployment, { deploymentId: made.id });
    return made;
  }

  /** Ends it before it has ended by itself. @throws ConflictError */
  cancel(caller: Caller, id: string): Promise<Deployment> {
    return this.act(caller, id, cancelDeployment);
  }

  private async act({ organizationId, subject, name }: Caller, id: string, action: Action): Promise<Deployment> {
    const found = await this.lookup.deployment(organizationId, id);
    const { publicUrl, previewUrlTemplate } = this.settings;
    const addresses = {
      deploymentPage: (of: string) => new URL(`/deployments/${of}`, publicUrl).href,
      previewUrl: (of: string) => previewUrl(previewUrlTemplate, of),
    };
    const statuses: CommitStatusKey[] = [];
    const asked = { actor: { subject, name }, addresses, statuses };
    const deployment = await this.dataSource.transaction((db) => action(db, found.id, asked));
    for (const key of statuses) await this.requests.follow(jobs.sendCommitStatuses, key);
    return deploymentView(deployment, previewUrlTemplate);
  }
}
