import { Metadata } from '@grpc/grpc-js';
import { Ctx, GrpcMethod, Payload } from '@nestjs/microservices';
import { deploymentComparisonQuerySchema, deploymentQuerySchema } from '@reunite/contracts';
import type { Checks, Deployment, DeploymentComparison, LogLine, Page } from '@reunite/contracts';
import type { GetDeploymentComparisonRequest, GetRequest, ListDeploymentsRequest } from '@reunite/contracts/bridge';
import { DeploymentActionsService } from '../application/deployments/deployment-actions.service.js';
import { DeploymentChecksService } from '../application/deployments/deployment-checks.service.js';
import { DeploymentComparisonsService } from '../application/deployments/deployment-comparisons.service.js';
import { DeploymentsService } from '../application/deployments/deployments.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';
import { idempotencyKeyOf } from './idempotency-key.js';

@GrpcController()
export class DeploymentsGrpcController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly checks: DeploymentChecksService,
    private readonly actions: DeploymentActionsService,
    private readonly comparisons: DeploymentComparisonsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @GrpcMethod('Deployments', 'ListDeployments')
  async list(@CurrentCaller() caller: Caller, @Payload() request: ListDeploymentsRequest): Promise<Page<Deployment>> {
    return this.deployments.list(caller, request.id, validated(deploymentQuerySchema, request));
  }

  @GrpcMethod('Deployments', 'GetDeployment')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Deployment> {
    return this.deployments.get(caller, id);
  }

  @GrpcMethod('Deployments', 'GetDeploymentLog')
  async log(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<{ items: LogLine[] }> {
    return { items: await this.deployments.log(caller, id) };
  }

  @GrpcMethod('Deployments', 'ListDeploymentChecks')
  async listChecks(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Checks> {
    return this.checks.list(caller, id);
  }

  @GrpcMethod('Deployments', 'GetDeploymentComparison')
  async compare(
    @CurrentCaller() caller: Caller,
    @Payload() request: GetDeploymentComparisonRequest,
  ): Promise<DeploymentComparison> {
    return this.comparisons.get(caller, request.id, validated(deploymentComparisonQuerySchema, request));
  }

  @Requires('maintain')
  @GrpcMethod('Deployments', 'Redeploy')
  @Records('deployment.redeploy')
  async redeploy(
    @CurrentCaller() caller: Caller,
    @Payload() { id }: GetRequest,
    @Ctx() metadata: Metadata,
  ): Promise<Deployment> {
    const key = idempotencyKeyOf(metadata);
    return this.idempotency.once(caller, key, ['redeploy', id], () => this.actions.redeploy(caller, id));
  }

  @Requires('maintain')
  @GrpcMethod('Deployments', 'Promote')
  @Records('deployment.promote')
  async promote(
    @CurrentCaller() caller: Caller,
    @Payload() { id }: GetRequest,
    @Ctx() metadata: Metadata,
  ): Promise<Deployment> {
    const key = idempotencyKeyOf(metadata);
    return this.idempotency.once(caller, key, ['promote', id], () => this.actions.promote(caller, id));
  }

  @Requires('maintain')
  @GrpcMethod('Deployments', 'Cancel')
  @Records('deployment.cancel')
  async cancel(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Deployment> {
    return this.actions.cancel(caller, id);
  }
}
