import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  connectionProfileSchema,
  connectionProfileViewSchema,
  inspectCertificateSchema,
  serverCertificateSchema,
} from '@reunite/contracts';
import type {
  ConnectionProfileInput,
  ConnectionProfileView,
  InspectCertificate,
  ServerCertificate,
} from '@reunite/contracts';
import { ConnectionProfilesService } from '../application/connections/connection-profiles.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented } from './documented.js';

@Documented('Connections')
@Controller('v1')
export class ConnectionProfilesController {
  constructor(private readonly profiles: ConnectionProfilesService) {}

  @Get('connections/:id/profile')
  @Answers(connectionProfileViewSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ConnectionProfileView> {
    return this.profiles.get(caller, id);
  }

  @Put('connections/:id/profile')
  @Requires('owner')
  @Answers(connectionProfileViewSchema)
  @Records('connection.replace-profile')
  replace(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: connectionProfileSchema }) input: ConnectionProfileInput,
  ): Promise<ConnectionProfileView> {
    return this.profiles.replace(caller, id, input);
  }

  @Post('server-certificates')
  @Requires('owner')
  @HttpCode(200)
  @Answers(serverCertificateSchema)
  @Records('connection.inspect-certificate')
  inspect(
    @CurrentCaller() caller: Caller,
    @Body({ schema: inspectCertificateSchema }) input: InspectCertificate,
  ): Promise<ServerCertificate> {
    return this.profiles.inspect(caller, input);
  }
}
