import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { chainStart, follow } from './audit-chain.js';
import type { AuditEntry, AuditRecord } from './audit-chain.js';
import { AuditBatches } from './audit-batches.js';
import type { Appendix } from './audit-batches.js';
import { AuditHeadEntity } from './audit-head.entity.js';
import { AuditRecordEntity } from './audit-record.entity.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { PreparedStatement } from '../prepared-statement.js';

type Head = Pick<AuditRecord, 'seq' | 'hash'>;

/** Heads that are remembered; an organization that was forgotten costs one more query. */
const REMEMBERED_HEADS = 1_000;

interface Appended {
  readonly appended: boolean;
  /** Ids of connections that are not what they were. */
  readonly changed: readonly string[];
}

/**
 * One statement for a whole batch, in a transaction of its own. It appends only while the chain ends where we think that
 * it does; the row lock makes it wait for whoever is appending. Unless $13, its commit does not wait for the disk. And it
 * appends only while all connections that it depends on are unchanged: whoever changes one appends to the same chain in
 * the same transaction, so that either this statement sees the change or the end of the chain has moved.
 */
const appendSql = `
  WITH head AS (
    SELECT CASE WHEN NOT $13::boolean THEN set_config('synchronous_commit', 'off', true) END
    FROM audit_head WHERE organization_id = $1 AND seq = $2 AND hash = $3 FOR UPDATE
  ), changed AS (
    SELECT seen.id FROM unnest($14::text[], $15::text[], $16::bigint[], $17::integer[])
      AS seen (id, origin, app_id, token_epoch)
    WHERE NOT EXISTS (SELECT FROM connection AS now
      WHERE (now.id, now.organization_id, now.origin, now.app_id, now.token_epoch)
        = (seen.id, $1, seen.origin, seen.app_id, seen.token_epoch))
  ), appended AS (
    INSERT INTO audit_record
      (organization_id, seq, at, caller, method, connection_id, scope, outcome, previous_hash, hash)
    SELECT $1, row.* FROM unnest($4::bigint[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
      $10::text[], $11::bytea[], $12::bytea[]) AS row
    WHERE EXISTS (SELECT FROM head) AND NOT EXISTS (SELECT FROM changed)
    RETURNING seq
  )
  SELECT EXISTS (SELECT FROM appended) AS appended, ARRAY(SELECT id FROM changed) AS changed`;

/** Appends to the organizations' chains. */
@Injectable()
export class AuditLog {
  private readonly heads = new Map<string, Head>();
  private readonly appendStatement: PreparedStatement<Appended>;
  private readonly batches = new AuditBatches((...batch) => this.appendAll(...batch));

  constructor(private readonly dataSource: DataSource) {
    this.appendStatement = new PreparedStatement(dataSource, 'audit-append', appendSql);
  }

  /**
   * Appends within the caller's transaction, as its last act: until the commit no other record of the organization can
   * be appended, which is what makes the chain one.
   */
  async append(manager: EntityManager, entry: AuditEntry): Promise<void> {
    const last = await lockHead(manager, entry.organizationId);
    await manager.insert(AuditRecordEntity, follow(last, entry, new Date()));
  }

  /** Appends on its own; resolves when the record is on disk. Entries that come meanwhile share the next commit. */
  async write(entry: AuditEntry): Promise<void> {
    await this.batches.add({ entry, durable: true });
  }

  /**
   * Appends unless the connection has been changed, or deleted, since it was read: one round trip to learn both. Its
   * commit does not wait for the disk. No crash of the vault loses such a record, but one of the database server may lose
   * those of its last moments (three times its `wal_writer_delay`, 0.6 s), always a tail of the chain, and none from
   * before a record of {@link write}.
   *
   * @returns whether it was appended
   */
  writeWhile(unchanged: ConnectedConnection, entry: AuditEntry): Promise<boolean> {
    return this.batches.add({ entry, durable: false, unchanged });
  }

  private async appendAll(organizationId: string, batch: readonly Appendix[]): Promise<readonly Appendix[]> {
    let left = batch;
    for (;;) {
      const head = this.heads.get(organizationId) ?? (await this.readHead(organizationId));
      const at = new Date();
      const records: AuditRecord[] = [];
      for (const { entry } of left) records.push(follow(records.at(-1) ?? head, entry, at));
      const last = records.at(-1);
      if (!last) return left;
      const { appended, changed } = await this.insert(organizationId, head, records, left);
      if (appended) {
        this.remember(organizationId, last);
        return left;
      }
      left = left.filter(({ unchanged }) => !unchanged || !changed.includes(unchanged.id));
      // Another replica or an effect's transaction appended: look where the chain ends now.
      if (changed.length === 0) this.heads.delete(organizationId);
    }
  }

  private async insert(
    organizationId: string,
    head: Head,
    records: readonly AuditRecord[],
    batch: readonly Appendix[],
  ): Promise<Appended> {
    const seen = [...new Set(batch.flatMap(({ unchanged }) => unchanged ?? []))];
    const [result] = await this.appendStatement.run([
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
      batch.some(({ durable }) => durable),
      seen.map(({ id }) => id),
      seen.map(({ origin }) => origin),
      seen.map(({ appId }) => appId),
      seen.map(({ tokenEpoch }) => tokenEpoch),
    ]);
    return result ?? { appended: false, changed: [] };
  }

  private async readHead(organizationId: string): Promise<Head> {
    return this.dataSource.transaction((manager) => lockHead(manager, organizationId));
  }

  private remember(organizationId: string, { seq, hash }: Head): void {
    this.heads.set(organizationId, { seq, hash });
    const [oldest] = this.heads.keys();
    if (this.heads.size > REMEMBERED_HEADS && oldest !== undefined) this.heads.delete(oldest);
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
