import { Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { KeyedBatcher } from '@reunite/concurrency';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { AuditAppendStatement } from './audit-append.statement.js';
import type { ChainHead } from './audit-append.statement.js';
import { CHAIN_START, nextRecord } from './audit-chain.js';
import type { AuditEntry, AuditRecord } from './audit-chain.js';
import { AuditHeadEntity } from './audit-head.entity.js';
import { AuditRecordEntity } from './audit-record.entity.js';
import { countAuditRecords } from '../vault-metrics.js';
import { RepeatedReads } from './repeated-reads.js';

/** Cached chain ends. A miss costs one query. */
const MAX_HEADS = 1_000;
const BATCH_SIZE = 500;

interface PendingEntry {
  readonly entry: AuditEntry;
  /** The commit waits for the disk. */
  readonly durable: boolean;
  /** The entry is appended only if the connection has not changed since it was read. */
  readonly unchanged?: ConnectedConnection;
}

/**
 * Appends records to the chains of the organizations. Concurrent entries of one organization share a commit, and one
 * batch of an organization runs at a time, so the chain keeps the order of arrival.
 */
@Injectable()
export class AuditLog implements OnModuleInit, OnModuleDestroy {
  private readonly heads = new LRUCache<string, ChainHead>({ max: MAX_HEADS });
  private readonly statement: AuditAppendStatement;
  private readonly batches = new KeyedBatcher<PendingEntry, boolean>(
    (organizationId, batch) => this.appendBatch(organizationId, batch),
    { maxItems: BATCH_SIZE, retrySingly: isDataException },
  );

  private readonly reads = new RepeatedReads((entry) => this.write(entry));

  constructor(private readonly dataSource: DataSource) {
    this.statement = new AuditAppendStatement(dataSource);
  }

  onModuleInit(): void {
    this.reads.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.reads.stop();
  }

  /**
   * Appends within the caller's transaction, as its last statement: until the commit, no other record of the
   * organization can be appended.
   */
  async append(manager: EntityManager, entry: AuditEntry): Promise<void> {
    const last = await lockHead(manager, entry.organizationId);
    await manager.insert(AuditRecordEntity, nextRecord(last, entry, new Date()));
    countAuditRecords(1);
  }

  /** Appends in a transaction of its own. Resolves when the record is on disk. */
  async write(entry: AuditEntry): Promise<void> {
    await this.batches.add(entry.organizationId, { entry, durable: true });
  }

  /** Records a read by a user. Identical reads within a minute share a record with their number. */
  async writeRead(entry: AuditEntry): Promise<void> {
    if (!this.reads.fold(entry)) await this.write(entry);
  }

  /**
   * Appends unless the connection was changed or deleted since it was read; both take one round trip. The commit does
   * not wait for the disk. A crash of the vault loses no such record. A crash of the database server may lose those of
   * its last moments (three times `wal_writer_delay`, 0.6 s): always the end of a chain, and none from before a record
   * of {@link write}.
   *
   * @returns true if the record was appended
   */
  writeIfUnchanged(unchanged: ConnectedConnection, entry: AuditEntry): Promise<boolean> {
    return this.batches.add(entry.organizationId, { entry, durable: false, unchanged });
  }

  /** @returns for each entry whether it was appended */
  private async appendBatch(organizationId: string, batch: readonly PendingEntry[]): Promise<boolean[]> {
    let remaining = batch;
    for (;;) {
      const head = this.heads.get(organizationId) ?? (await this.readHead(organizationId));
      const records = chain(head, remaining);
      const last = records.at(-1);
      if (!last) break;
      const { appended, changed } = await this.statement.run({
        organizationId,
        head,
        records,
        durable: remaining.some(({ durable }) => durable),
        unchanged: [...new Set(remaining.flatMap(({ unchanged }) => unchanged ?? []))],
      });
      if (appended) {
        countAuditRecords(records.length);
        this.heads.set(organizationId, { seq: last.seq, hash: last.hash });
        break;
      }
      remaining = remaining.filter(({ unchanged }) => !unchanged || !changed.includes(unchanged.id));
      // Another replica or a transaction appended: read the head again.
      if (changed.length === 0) this.heads.delete(organizationId);
    }
    const appended = new Set(remaining);
    return batch.map((pending) => appended.has(pending));
  }

  private async readHead(organizationId: string): Promise<ChainHead> {
    return this.dataSource.transaction((manager) => lockHead(manager, organizationId));
  }
}

function chain(head: ChainHead, batch: readonly PendingEntry[]): AuditRecord[] {
  const at = new Date();
  const records: AuditRecord[] = [];
  for (const { entry } of batch) records.push(nextRecord(records.at(-1) ?? head, entry, at));
  return records;
}

async function lockHead(manager: EntityManager, organizationId: string): Promise<ChainHead> {
  const start = { organizationId, seq: 0, hash: CHAIN_START };
  await manager.createQueryBuilder().insert().into(AuditHeadEntity).values(start).orIgnore().execute();
  return manager.findOneOrFail(AuditHeadEntity, {
    where: { organizationId },
    lock: { mode: 'pessimistic_write' },
  });
}

/**
 * SQLSTATE classes 22 and 23: PostgreSQL cannot store the data. One such entry must not fail the rest of its batch.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function isDataException(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}
