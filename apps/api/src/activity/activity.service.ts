import { Injectable } from '@nestjs/common';
import type { Activity, Page, PageQuery } from '@reunite/contracts';
import { ActivityLog } from '@reunite/database';
import { mapPage, pageOfRows, readCursors } from '../application/paging.js';
import type { Caller } from '../auth/caller.js';

/** The activity log of an organization. */
@Injectable()
export class ActivityService {
  constructor(private readonly log: ActivityLog) {}

  async list({ organizationId }: Caller, page: PageQuery): Promise<Page<Activity>> {
    const rows = await this.log.list(organizationId, page.limit + 1, readCursors(page));
    return mapPage(
      pageOfRows(rows, page, ({ id }) => id),
      ({ organizationId: _, at, ...row }) => ({ ...row, at: at.toISOString() }),
    );
  }
}
