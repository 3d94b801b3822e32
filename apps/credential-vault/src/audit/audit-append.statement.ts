import type { DataSource } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { PreparedStatement } from '../prepared-statement.js';
import type { AuditRecord } from './audit-chain.js';

/** The last record of a chain. */
export type ChainHead = Pick<AuditRecord, 'seq' | 'hash'>;

export interface AppendRequest {
  readonly organizationId: string;
  /** End of the chain that the records continue. */
  readonly head: ChainHead;
  readonly records: readonly AuditRecord[];
  /** The commit waits for the disk. */
  readonly durable: boolean;
  /** Connections that must not have changed since they were read. */
  readonly unchanged: readonly ConnectedConnection[];
}

export interface AppendResult {
  readonly appended: boolean;
  /** Ids of connections that changed. */
  readonly changed: readonly string[];
}

/**
 * One statement for a batch, in a transaction of its own. It appends only if the chain still ends at the given head;
 * the row lock serializes it with other writers. It appends only if the given connections are unchanged: every change
 * of a connection appends to the same chain in the same transaction, so this statement either sees the change or finds
 * that the head has moved.
 */
const text = `
  WITH head AS (
    SELECT CASE WHEN NOT $13::boolean THEN set_config('synchronous_commit', 'off', true) END
    FROM audit_head WHERE organization_id = $1 AND seq = $2 AND hash = $3 FOR UPDATE
  ), changed AS (
    SELECT expected.id FROM unnest($14::text[], $15::text[], $16::bigint[], $17::integer[])
      AS expected (id, origin, app_id, token_epoch)
    WHERE NOT EXISTS (SELECT FROM connection AS now
      WHERE (now.id, now.organization_id, now.origin, now.app_id, now.token_epoch)
        = (expected.id, $1, expected.origin, expected.app_id, expected.token_epoch))
  ), appended AS (
    INSERT INTO audit_record
      (organization_id, seq, at, caller, method, connection_id, scope, outcome, previous_hash, hash)
    SELECT $1, row.* FROM unnest($4::bigint[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
      $10::text[], $11::bytea[], $12::bytea[]) AS row
    WHERE EXISTS (SELECT FROM head) AND NOT EXISTS (SELECT FROM changed)
    RETURNING seq
  )
  SELECT EXISTS (SELECT FROM appended) AS appended, ARRAY(SELECT id FROM changed) AS changed`;

/** The parameters `$1` to `$17` of the statement, in order. */
function toParameters({ organizationId, head, records, durable, unchanged }: AppendRequest): unknown[] {
  return [
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
    unchanged.map(({ id }) => id),
    unchanged.map(({ origin }) => origin),
    unchanged.map(({ appId }) => appId),
    unchanged.map(({ tokenEpoch }) => tokenEpoch),
  ];
}

export class AuditAppendStatement {
  private readonly statement: PreparedStatement<AppendResult>;

  constructor(dataSource: DataSource) {
    this.statement = new PreparedStatement(dataSource, 'audit-append', text);
  }

  async run(request: AppendRequest): Promise<AppendResult> {
    const [result] = await this.statement.run(toParameters(request));
    return result ?? { appended: false, changed: [] };
  }
}
