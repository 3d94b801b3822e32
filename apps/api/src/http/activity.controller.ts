import { Controller, Get, Query } from '@nestjs/common';
import { activitySchema, pageOf, pageQuerySchema } from '@reunite/contracts';
import type { Activity, Page, PageQuery } from '@reunite/contracts';
import { ActivityService } from '../activity/activity.service.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, Operation } from './documented.js';

@Documented('Activity')
@Requires('admin')
@Controller('v1/activity')
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  @Get()
  @Operation(
    'ListActivity',
    'List activity',
    'Returns the calls that changed something in the organization, or attempted to, newest first.',
  )
  @Answers(pageOf(activitySchema, 'ActivityPage'))
  list(@CurrentCaller() caller: Caller, @Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Activity>> {
    return this.activity.list(caller, query);
  }
}
