import { Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  checksSchema,
  deploymentComparisonQuerySchema,
  deploymentComparisonSchema,
  deploymentSchema,
} from '@reunite/contracts';
import type { Checks, Deployment, DeploymentComparison, DeploymentComparisonQuery, LogLine } from '@reunite/contracts';
import { DeploymentActionsService } from '../application/deployments/deployment-actions.service.js';
import { DeploymentChecksService } from '../application/deployments/deployment-checks.service.js';
import { DeploymentComparisonsService } from '../application/deployments/deployment-comparisons.service.js';
import { DeploymentsService } from '../application/deployments/deployments.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { AcceptsIdempotencyKey, Answers, Creates, Documented, Identifies, Operation, logSchema } from './documented.js';

@Documented('Deployments')
@Controller('v1/deployments')
export class DeploymentsController {
  constructor(
    private readonly deployments: DeploymentsService,
    private readonly checks: DeploymentChecksService,
    private readonly actions: DeploymentActionsService,
    private readonly comparisons: DeploymentComparisonsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Get(':id')
  @Operation('GetDeployment', 'Get a deployment')
  @Identifies('deployment')
  @Answers(deploymentSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Deployment> {
    return this.deployments.get(caller, id);
  }

  @Get(':id/log')
  @Operation('GetDeploymentLog', 'Get the build log of a deployment')
  @Identifies('deployment')
  @Answers(logSchema)
  async log(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<{ items: LogLine[] }> {
    return { items: await this.deployments.log(caller, id) };
  }

  @Get(':id/checks')
  @Operation('ListDeploymentChecks', 'List the checks of a deployment', 'Returns the results of lint and link check.')
  @Identifies('deployment')
  @Answers(checksSchema)
  listChecks(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Checks> {
    return this.checks.list(caller, id);
  }

  @Get(':id/comparison')
  @Operation(
    'GetDeploymentComparison',
    'Compare two deployments',
    'Returns the files of the site that differ from the site of another deployment of the project, by their content.',
  )
  @Identifies('deployment')
  @Answers(deploymentComparisonSchema)
  compare(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: deploymentComparisonQuerySchema }) query: DeploymentComparisonQuery,
  ): Promise<DeploymentComparison> {
    return this.comparisons.get(caller, id, query);
  }

  @Post(':id/redeploy')
  @Operation('Redeploy', 'Redeploy a deployment', 'Builds the same commit again and returns the new deployment.')
  @Identifies('deployment')
  @Requires('maintain')
  @AcceptsIdempotencyKey()
  @Creates(deploymentSchema)
  @Records('deployment.redeploy')
  redeploy(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Deployment> {
    return this.idempotency.once(caller, key, ['redeploy', id], () => this.actions.redeploy(caller, id));
  }

  @Post(':id/promote')
  @Operation(
    'Promote',
    'Promote a deployment to production',
    'Publishes the site of a preview, or of an earlier production deployment (a rollback), to production. Returns the new deployment.',
  )
  @Identifies('deployment')
  @Requires('maintain')
  @AcceptsIdempotencyKey()
  @Creates(deploymentSchema)
  @Records('deployment.promote')
  promote(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Deployment> {
    return this.idempotency.once(caller, key, ['promote', id], () => this.actions.promote(caller, id));
  }

  @Post(':id/cancel')
  @Operation('Cancel', 'Cancel a deployment', 'Cancels a queued or running deployment.')
  @Identifies('deployment')
  @Requires('maintain')
  @HttpCode(200)
  @Answers(deploymentSchema)
  @Records('deployment.cancel')
  cancel(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Deployment> {
    return this.actions.cancel(caller, id);
  }
}
