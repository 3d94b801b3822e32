import { And, LessThan, MoreThanOrEqual } from 'typeorm';
import type { DataSource } from 'typeorm';
import { AuditRecordEntity } from './audit-record.entity.js';

/** Filter for audit records. Absent criteria match all records. */
export interface AuditQuery {
  readonly organizationId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly caller?: string | undefined;
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
  readonly limit: number;
}

/** Returns matching audit records, newest first. */
export async function findAuditRecords(dataSource: DataSource, query: AuditQuery): Promise<AuditRecordEntity[]> {
  const { organizationId, connectionId, caller, since, until, limit } = query;
  return dataSource.getRepository(AuditRecordEntity).find({
    where: {
      at: And(MoreThanOrEqual(since), LessThan(until)),
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(connectionId === undefined ? {} : { connectionId }),
      ...(caller === undefined ? {} : { caller }),
    },
    order: { at: 'DESC', seq: 'DESC' },
    take: limit,
  });
}
