import { Injectable } from '@nestjs/common';
import type { Activity, Page, PageQuery } from '@reunite/contracts';
import { ActivityLog } from '@reunite/database';
import { mapPage, pageOfRows, readCursor } from '../application/paging.js';
import type { Caller } from '../auth/caller.js';

/** The activity log of an organization. */
@Injectable()
export class ActivityService {
  constructor(private readonly log: ActivityLog) {}

  async list({ organizationId }: Caller, { limit, after }: PageQuery): Promise<Page<Activity>> {
    const before = after === undefined ? null : readCursor(after);
    const rows = await this.log.list(organizationId, limit + 1, before);
    return mapPage(
      pageOfRows(rows, limit, ({ id }) => id),
      ({ organizationId: _, at, ...row }) => ({ ...row, at: at.toISOString() }),
    );
  }
}
