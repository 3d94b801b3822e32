import { GrpcMethod, Payload } from '@nestjs/microservices';
import { forwardPageQuerySchema } from '@reunite/contracts';
import type { AuditRecord, ConnectionHealth, ForwardPage } from '@reunite/contracts';
import type { GetRequest, ListConnectionAuditRequest } from '@reunite/contracts/bridge';
import { ConnectionHealthService } from '../application/connections/connection-health.service.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class ConnectionHealthGrpcController {
  constructor(private readonly health: ConnectionHealthService) {}

  @GrpcMethod('Connections', 'GetConnectionHealth')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<ConnectionHealth> {
    return this.health.get(caller, id);
  }

  @Requires('admin')
  @GrpcMethod('Connections', 'ListConnectionAudit')
  async audit(
    @CurrentCaller() caller: Caller,
    @Payload() request: ListConnectionAuditRequest,
  ): Promise<ForwardPage<AuditRecord>> {
    return this.health.audit(caller, request.id, validated(forwardPageQuerySchema, request));
  }
}
