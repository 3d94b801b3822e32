import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { follow } from './audit-chain.js';
import type { AuditEntry } from './audit-chain.js';
import { AuditRecordEntity } from './audit-record.entity.js';

@Injectable()
export class AuditLog {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Appends within the caller's transaction, as its last act: until the commit no other record of the organization can
   * be appended, which is what makes the chain one.
   */
  async append(manager: EntityManager, entry: AuditEntry): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`audit.${entry.organizationId}`]);
    const [last] = await manager.find(AuditRecordEntity, {
      select: { seq: true, hash: true },
      where: { organizationId: entry.organizationId },
      order: { seq: 'DESC' },
      take: 1,
    });
    await manager.insert(AuditRecordEntity, follow(last, entry, new Date()));
  }

  async write(entry: AuditEntry): Promise<void> {
    await this.dataSource.transaction((manager) => this.append(manager, entry));
  }
}
