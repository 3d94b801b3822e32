import { Inject, Injectable } from '@nestjs/common';
import type { Deployment } from '@reunite/contracts';
import { cancelDeployment, DeploymentUnitOfWork, promote, redeploy } from '@reunite/deployments';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { deploymentView } from './deployment.view.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Actions of callers on deployments. */
@Injectable()
export class DeploymentActionsService {
  constructor(
    private readonly unitOfWork: DeploymentUnitOfWork,
    private readonly lookup: TenantLookup,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** Builds the same commit again. @returns the new deployment @throws ConflictError */
  redeploy(caller: Caller, id: string): Promise<Deployment> {
    return this.act(caller, id, redeploy);
  }

  /** Publishes a deployment to production. @returns the new deployment @throws ConflictError */
  promote(caller: Caller, id: string): Promise<Deployment> {
    return this.act(caller, id, promote);
  }

  /** Cancels a deployment that is not finished. @throws ConflictError */
  cancel(caller: Caller, id: string): Promise<Deployment> {
    return this.act(caller, id, cancelDeployment);
  }

  private async act(caller: Caller, id: string, action: typeof promote): Promise<Deployment> {
    const { organizationId, subject, name } = caller;
    const { id: deploymentId } = await this.lookup.deployment(organizationId, id);
    const deployment = await this.unitOfWork.run({ deploymentId }, (work) =>
      action(work, deploymentId, { subject, name }),
    );
    return deploymentView(deployment, this.settings.previewUrlTemplate);
  }
}
