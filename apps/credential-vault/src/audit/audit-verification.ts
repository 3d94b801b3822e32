import { LessThanOrEqual, MoreThan, And } from 'typeorm';
import type { DataSource } from 'typeorm';
import { chainStart, violationOf } from './audit-chain.js';
import type { AuditRecord, ChainViolation } from './audit-chain.js';
import { AuditHeadEntity } from './audit-head.entity.js';
import { AuditRecordEntity } from './audit-record.entity.js';

const PAGE = 2_000;

/** What became of one organization's chain. */
export interface ChainReport {
  readonly organizationId: string;
  readonly records: number;
  /** Hash of the last record. Kept elsewhere, it shows a chain that was rewritten as a whole. */
  readonly head: string;
  readonly fault: { readonly seq: number; readonly kind: ChainViolation } | null;
}

/** Follows every chain from its first record to its head; in constant memory, and while the vault appends. */
export async function* verifyAudit(dataSource: DataSource): AsyncGenerator<ChainReport, void, undefined> {
  for (const organizationId of await organizations(dataSource)) {
    yield await verifyChain(dataSource, organizationId);
  }
}

/** Those with a head and those with records: a removed head is a fault, not the end of the search. */
async function organizations(dataSource: DataSource): Promise<string[]> {
  const rows: { organization_id: string }[] = await dataSource.query(
    'SELECT organization_id FROM audit_head UNION SELECT organization_id FROM audit_record ORDER BY 1',
  );
  return rows.map((row) => row.organization_id);
}

async function verifyChain(dataSource: DataSource, organizationId: string): Promise<ChainReport> {
  // Read first: what is appended from now on lies behind it.
  const head = await dataSource.getRepository(AuditHeadEntity).findOneBy({ organizationId });
  const end = head?.seq ?? Number.MAX_SAFE_INTEGER;
  let last: AuditRecord | undefined;
  const report = (fault: ChainReport['fault']): ChainReport => ({
    organizationId,
    records: last?.seq ?? 0,
    head: last?.hash.toString('hex') ?? '',
    fault,
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
  const whole = head?.seq === (last?.seq ?? 0) && head.hash.equals(last?.hash ?? chainStart);
  return report(whole ? null : { seq: (last?.seq ?? 0) + 1, kind: 'cut-off' });
}
