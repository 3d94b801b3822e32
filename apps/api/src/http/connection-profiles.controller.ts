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
import type { ExpectedVersion } from '../application/precondition.error.js';
import { AcceptsIfMatch, Answers, Documented, ETAG_HEADER, Identifies, Operation } from './documented.js';
import { AnswersEtag, IfMatch } from './if-match.js';

@Documented('Connections')
@Controller('v1')
export class ConnectionProfilesController {
  constructor(private readonly profiles: ConnectionProfilesService) {}

  @Get('connections/:id/profile')
  @Operation(
    'GetConnectionProfile',
    'Get a connection profile',
    'Returns how the server of a connection is reached: certificates, proxy, gateway and limits. Secrets are never returned.',
  )
  @Identifies('connection')
  @AnswersEtag()
  @Answers(connectionProfileViewSchema, ETAG_HEADER)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<ConnectionProfileView> {
    return this.profiles.get(caller, id);
  }

  @Put('connections/:id/profile')
  @Operation(
    'ReplaceConnectionProfile',
    'Replace a connection profile',
    'Stores a profile if the server answers by it. An omitted secret keeps its stored value.',
  )
  @Identifies('connection')
  @Requires('owner')
  @AcceptsIfMatch(true)
  @AnswersEtag()
  @Answers(connectionProfileViewSchema, ETAG_HEADER)
  @Records('connection.replace-profile')
  replace(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: connectionProfileSchema }) input: ConnectionProfileInput,
    @IfMatch() expected: ExpectedVersion,
  ): Promise<ConnectionProfileView> {
    return this.profiles.replace(caller, id, input, expected);
  }

  @Post('server-certificates')
  @Operation(
    'InspectServerCertificate',
    'Inspect the certificate of a server',
    'Reads the certificate that a server presents, trusted or not, so that it can be compared and pinned.',
  )
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
