import { Controller, Get, Query } from '@nestjs/common';
import { activitySchema, pageOf, pageQuerySchema } from '@reunite/contracts';
import type { Activity, Page, PageQuery } from '@reunite/contracts';
import { ActivityService } from '../activity/activity.service.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented } from './documented.js';

@Documented('Activity')
@Requires('admin')
@Controller('v1/activity')
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  /** Calls that changed something in the organization, or attempted to. */
  @Get()
  @Answers(pageOf(activitySchema, 'ActivityPage'))
  list(@CurrentCaller() caller: Caller, @Query({ schema: pageQuerySchema }) query: PageQuery): Promise<Page<Activity>> {
    return this.activity.list(caller, query);
  }
}
