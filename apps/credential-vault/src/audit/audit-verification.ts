import { LessThanOrEqual, MoreThan, And } from 'typeorm';
import type { DataSource } from 'typeorm';
import { CHAIN_START, violationOf } from './audit-chain.js';
import type { AuditRecord, ChainViolation } from './audit-chain.js';
import { AuditHeadEntity } from './audit-head.entity.js';
import { AuditRecordEntity } from './audit-record.entity.js';

const PAGE = 2_000;

/** Result for one organization's chain. */
export interface ChainReport {
  readonly organizationId: string;
  readonly records: number;
  /** Hash of the last record. Compared with an earlier copy, it reveals a chain that was rewritten as a whole. */
  readonly head: string;
  readonly violation: { readonly seq: number; readonly kind: ChainViolation } | null;
}

/** Verifies every chain from its first record to its head, in constant memory and while the vault appends. */
export async function* verifyAudit(dataSource: DataSource): AsyncGenerator<ChainReport, void, undefined> {
  for (const organizationId of await organizations(dataSource)) {
    yield await verifyChain(dataSource, organizationId);
  }
}

/** Organizations with a head or with records: a removed head must not hide a chain. */
async function organizations(dataSource: DataSource): Promise<string[]> {
  const rows: { organization_id: string }[] = await dataSource.query(
    'SELECT organization_id FROM audit_head UNION SELECT organization_id FROM audit_record ORDER BY 1',
  );
  return rows.map((row) => row.organization_id);
}

async function verifyChain(dataSource: DataSource, organizationId: string): Promise<ChainReport> {
  // Read first, so that records appended during the verification come after it.
  const head = await dataSource.getRepository(AuditHeadEntity).findOneBy({ organizationId });
  const end = head?.seq ?? Number.MAX_SAFE_INTEGER;
  let last: AuditRecord | undefined;
  const report = (violation: ChainReport['violation']): ChainReport => ({
    organizationId,
    records: last?.seq ?? 0,
    head: last?.hash.toString('hex') ?? '',
    violation,
  });
  for (;;) {
    const page = await dataSource.getRepository(AuditRecordEntity).find({
      where: { organizationId, seq: And(MoreThan(last?.seq ?? 0), LessThanOrEqual(end)) },
      order: { seq: 'ASC' },
      take: PAGE,
    });
    for (const record of page) {
      const kind = violationOf(record, last);
      if (kind) return report({ seq: record.seq, kind });
      last = record;
    }
    if (page.length < PAGE) break;
  }
  const isComplete = head?.seq === (last?.seq ?? 0) && head.hash.equals(last?.hash ?? CHAIN_START);
  return report(isComplete ? null : { seq: (last?.seq ?? 0) + 1, kind: 'cut-off' });
}
