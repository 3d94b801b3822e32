import { GrpcMethod, Payload } from '@nestjs/microservices';
import type { SelfTest } from '@reunite/contracts';
import type { GetRequest } from '@reunite/contracts/bridge';
import { SelfTestsService } from '../application/connections/self-tests.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class SelfTestsGrpcController {
  constructor(private readonly selfTests: SelfTestsService) {}

  @GrpcMethod('Connections', 'GetSelfTest')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<SelfTest> {
    return this.selfTests.get(caller, id);
  }

  @Requires('write')
  @GrpcMethod('Connections', 'RunSelfTest')
  @Records('connection.run-self-test')
  async run(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.selfTests.run(caller, id);
    return {};
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'RepairWebhook')
  @Records('connection.repair-webhook')
  async repairWebhook(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<object> {
    await this.selfTests.repairWebhook(caller, id);
    return {};
  }
}
