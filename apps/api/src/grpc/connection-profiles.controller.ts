import { GrpcMethod, Payload } from '@nestjs/microservices';
import { connectionProfileSchema, inspectCertificateSchema } from '@reunite/contracts';
import type { ConnectionProfileView, ServerCertificate } from '@reunite/contracts';
import type {
  GetRequest,
  InspectServerCertificateRequest,
  ReplaceConnectionProfileRequest,
} from '@reunite/contracts/bridge';
import { ConnectionProfilesService } from '../application/connections/connection-profiles.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import type { ExpectedVersion } from '../application/precondition.error.js';
import { IfMatch } from '../http/if-match.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';

@GrpcController()
export class ConnectionProfilesGrpcController {
  constructor(private readonly profiles: ConnectionProfilesService) {}

  @GrpcMethod('Connections', 'GetConnectionProfile')
  async get(@CurrentCaller() caller: Caller, @Payload() { id }: GetRequest): Promise<ConnectionProfileView> {
    return this.profiles.get(caller, id);
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'ReplaceConnectionProfile')
  @Records('connection.replace-profile')
  async replace(
    @CurrentCaller() caller: Caller,
    @Payload() request: ReplaceConnectionProfileRequest,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<ConnectionProfileView> {
    const input = validated(connectionProfileSchema, request.profile ?? {});
    return this.profiles.replace(caller, request.id, input, expected);
  }

  @Requires('owner')
  @GrpcMethod('Connections', 'InspectServerCertificate')
  @Records('connection.inspect-certificate')
  async inspect(
    @CurrentCaller() caller: Caller,
    @Payload() { serverUrl, profile }: InspectServerCertificateRequest,
  ): Promise<ServerCertificate> {
    return this.profiles.inspect(
      caller,
      validated(inspectCertificateSchema, { serverUrl, ...(profile && { profile }) }),
    );
  }
}
