import { GrpcMethod } from '@nestjs/microservices';
import type { Session } from '@reunite/contracts';
import { SessionService } from '../application/accounts/session.service.js';
import { CurrentCaller } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class SessionsGrpcController {
  constructor(private readonly sessions: SessionService) {}

  @GrpcMethod('Sessions', 'GetSession')
  getSession(@CurrentCaller() caller: Caller): Session {
    return this.sessions.of(caller);
  }
}
