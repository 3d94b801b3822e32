import { Controller, Get, Param } from '@nestjs/common';
import { deploymentSchema } from '@reunite/contracts';
import type { Deployment, LogLine } from '@reunite/contracts';
import { DeploymentsService } from '../application/deployments.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, logSchema } from './documented.js';

@Documented('Deployments')
@Controller('v1/deployments')
export class DeploymentsController {
  constructor(private readonly deployments: DeploymentsService) {}

  @Get(':id')
  @Answers(deploymentSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Deployment> {
    return this.deployments.get(caller, id);
  }

  @Get(':id/log')
  @Answers(logSchema)
  async log(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<{ items: LogLine[] }> {
    return { items: await this.deployments.log(caller, id) };
  }
}
