import { GrpcMethod, Payload } from '@nestjs/microservices';
import { pageQuerySchema } from '@reunite/contracts';
import type { Deployment, LogLine, Page } from '@reunite/contracts';
import { DeploymentsService } from '../application/deployments.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcDoor } from './grpc-door.js';
import type { GetRequest } from './requests.js';

@GrpcDoor()
export class DeploymentsGrpcController {
  constructor(private readonly deployments: DeploymentsService) {}

  @GrpcMethod('Deployments', 'ListDeployments')
  async list(@CurrentCaller() caller: Caller, @Payload() request: GetRequest): Promise<Page<Deployment>> {
    return this.deployments.list(caller, request.id, validated(pageQuerySchema, request));
  }

  @GrpcMethod('Deployments', 'GetDeployment')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<Deployment> {
    return this.deployments.get(caller, id);
  }

  @GrpcMethod('Deployments', 'GetDeploymentLog')
  async log(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<{ items: LogLine[] }> {
    return { items: await this.deployments.log(caller, id) };
  }
}
