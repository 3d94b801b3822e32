import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { selfTestSchema } from '@reunite/contracts';
import type { SelfTest } from '@reunite/contracts';
import { SelfTestsService } from '../application/connections/self-tests.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Accepts, Answers, Documented, Identifies, Operation } from './documented.js';

@Documented('Connections')
@Controller('v1/connections/:id')
export class SelfTestsController {
  constructor(private readonly selfTests: SelfTestsService) {}

  @Get('self-test')
  @Operation('GetSelfTest', 'Get the last self-test', 'Returns the result of the last self-test of a connection.')
  @Identifies('connection')
  @Answers(selfTestSchema)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<SelfTest> {
    return this.selfTests.get(caller, id);
  }

  @Post('self-test')
  @Operation('RunSelfTest', 'Run the self-test', 'Schedules every probe of the self-test.')
  @Identifies('connection')
  @Requires('write')
  @HttpCode(202)
  @Accepts()
  @Records('connection.run-self-test')
  run(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.selfTests.run(caller, id);
  }

  @Post('webhook/repair')
  @Operation(
    'RepairWebhook',
    'Repair the webhook of an app',
    'Sets URL, content type and secret of the app’s webhook on the server, then runs the self-test.',
  )
  @Identifies('connection')
  @Requires('owner')
  @HttpCode(202)
  @Accepts()
  @Records('connection.repair-webhook')
  repairWebhook(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    return this.selfTests.repairWebhook(caller, id);
  }
}
