import { GrpcMethod, Payload } from '@nestjs/microservices';
import { pageQuerySchema } from '@reunite/contracts';
import type { Activity, Page } from '@reunite/contracts';
import type { ListRequest } from '@reunite/contracts/bridge';
import { ActivityService } from '../activity/activity.service.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class ActivityGrpcController {
  constructor(private readonly activity: ActivityService) {}

  @Requires('admin')
  @GrpcMethod('ActivityLog', 'ListActivity')
  async list(@CurrentCaller() caller: Caller, @Payload() request: ListRequest): Promise<Page<Activity>> {
    return this.activity.list(caller, validated(pageQuerySchema, request));
  }
}
