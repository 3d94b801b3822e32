import { Body, Controller, Get, Headers, Post } from '@nestjs/common';
import { addExistingAppSchema, appSettingsSchema, connectionSchema } from '@reunite/contracts';
import type { AddExistingApp, AppSettings, Connection } from '@reunite/contracts';
import { ExistingAppService } from '../application/connections/existing-app.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { AcceptsIdempotencyKey, Answers, Creates, Documented, Operation } from './documented.js';

@Documented('Connections')
@Controller('v1')
export class ExistingAppsController {
  constructor(
    private readonly existingApps: ExistingAppService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @Get('app-settings')
  @Operation(
    'GetAppSettings',
    'Get the settings of an existing app',
    'Returns the URLs, permissions and events that an existing app needs on the server before it is added.',
  )
  @Answers(appSettingsSchema)
  settings(): AppSettings {
    return this.existingApps.appSettings();
  }

  @Post('connections/existing')
  @Operation('AddExistingApp', 'Add an existing app', 'Connects a server with an app that exists there already.')
  @Requires('owner')
  @AcceptsIdempotencyKey()
  @Creates(connectionSchema)
  @Records('connection.add-existing-app')
  add(
    @CurrentCaller() caller: Caller,
    @Body({ schema: addExistingAppSchema }) input: AddExistingApp,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<Connection> {
    return this.idempotency.once(caller, key, ['add existing app', input], () => this.existingApps.add(caller, input));
  }
}
