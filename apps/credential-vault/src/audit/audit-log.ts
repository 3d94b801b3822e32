import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { chainStart, follow } from './audit-chain.js';
import type { AuditEntry, AuditRecord } from './audit-chain.js';
import { AuditBatches } from './audit-batches.js';
import { AuditHeadEntity } from './audit-head.entity.js';
import { AuditRecordEntity } from './audit-record.entity.js';
import { PreparedStatement } from '../prepared-statement.js';

type Head = Pick<AuditRecord, 'seq' | 'hash'>;

/** Heads that are remembered; an organization that was forgotten costs one more query. */
const REMEMBERED_HEADS = 1_000;

/**
 * One statement for a whole batch, in a transaction of its own. It appends only while the chain ends where we think that
 * it does; the row lock makes it wait for whoever is appending. Unless $13, its commit does not wait for the disk.
 */
const appendSql = `
  WITH head AS (
    SELECT CASE WHEN NOT $13::boolean THEN set_config('synchronous_commit', 'off', true) END
    FROM audit_head WHERE organization_id = $1 AND seq = $2 AND hash = $3 FOR UPDATE
  )
  INSERT INTO audit_record
    (organization_id, seq, at, caller, method, connection_id, scope, outcome, previous_hash, hash)
  SELECT $1, row.* FROM unnest($4::bigint[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
    $10::text[], $11::bytea[], $12::bytea[]) AS row
  WHERE EXISTS (SELECT FROM head)
  RETURNING seq`;

/** Appends to the organizations' chains. */
@Injectable()
export class AuditLog {
  readonly #heads = new Map<string, Head>();
  readonly #append: PreparedStatement<{ seq: number }>;
  readonly #batches = new AuditBatches((...batch) => this.#appendAll(...batch));

  constructor(private readonly dataSource: DataSource) {
    this.#append = new PreparedStatement(dataSource, 'audit-append', appendSql);
  }

  /**
   * Appends within the caller's transaction, as its last act: until the commit no other record of the organization can
   * be appended, which is what makes the chain one.
   */
  async append(manager: EntityManager, entry: AuditEntry): Promise<void> {
    const last = await lockHead(manager, entry.organizationId);
    await manager.insert(AuditRecordEntity, follow(last, entry, new Date()));
  }

  /**
   * Appends on its own; resolves when the record is committed. Entries that come meanwhile share the next commit.
   *
   * @param durable - false: the commit does not wait for the disk. No crash of the vault loses such a record, but one of
   *   the database server may lose those of its last moments (three times its `wal_writer_delay`, 0.6 s), always a tail
   *   of the chain, and none from before a durable record.
   */
  write(entry: AuditEntry, durable = true): Promise<void> {
    return this.#batches.add(entry, durable);
  }

  async #appendAll(organizationId: string, entries: readonly AuditEntry[], durable: boolean): Promise<void> {
    for (;;) {
      const head = this.#heads.get(organizationId) ?? (await this.#readHead(organizationId));
      const records = chain(head, entries);
      const last = records.at(-1);
      if (!last || (await this.#insert(organizationId, head, records, durable))) {
        if (last) this.#remember(organizationId, last);
        return;
      }
      // Another replica or an effect's transaction appended: look where the chain ends now.
      this.#heads.delete(organizationId);
    }
  }

  async #insert(
    organizationId: string,
    head: Head,
    records: readonly AuditRecord[],
    durable: boolean,
  ): Promise<boolean> {
    const inserted = await this.#append.run([
      organizationId,
      head.seq,
      head.hash,
      records.map(({ seq }) => seq),
      records.map(({ at }) => at.toISOString()),
      records.map(({ caller }) => caller),
      records.map(({ method }) => method),
      records.map(({ connectionId }) => connectionId),
      records.map(({ scope }) => JSON.stringify(scope)),
      records.map(({ outcome }) => outcome),
      records.map(({ previousHash }) => previousHash),
      records.map(({ hash }) => hash),
      durable,
    ]);
    return inserted.length > 0;
  }

  async #readHead(organizationId: string): Promise<Head> {
    return this.dataSource.transaction((manager) => lockHead(manager, organizationId));
  }

  #remember(organizationId: string, { seq, hash }: Head): void {
    this.#heads.set(organizationId, { seq, hash });
    const [oldest] = this.#heads.keys();
    if (this.#heads.size > REMEMBERED_HEADS && oldest !== undefined) this.#heads.delete(oldest);
  }
}

async function lockHead(manager: EntityManager, organizationId: string): Promise<Head> {
  const start = { organizationId, seq: 0, hash: chainStart };
  await manager.createQueryBuilder().insert().into(AuditHeadEntity).values(start).orIgnore().execute();
  return manager.findOneOrFail(AuditHeadEntity, {
    where: { organizationId },
    lock: { mode: 'pessimistic_write' },
  });
}

function chain(head: Head, entries: readonly AuditEntry[]): AuditRecord[] {
  const at = new Date();
  const records: AuditRecord[] = [];
  for (const entry of entries) records.push(follow(records.at(-1) ?? head, entry, at));
  return records;
}
