import { createHash } from 'node:crypto';
import { canonical, canonicalJson } from '../crypto/canonical.js';
import type { AuditRecordEntity } from './audit-record.entity.js';

export type AuditRecord = Omit<AuditRecordEntity, never>;
export type AuditEntry = Omit<AuditRecord, 'seq' | 'at' | 'previousHash' | 'hash'>;

/** What the first record of a chain follows. */
export const chainStart = Buffer.alloc(32);

/** Hash of a record: everything in it, and through the previous hash everything before it. */
export function hashOf(record: Omit<AuditRecord, 'hash'>): Buffer {
  const { organizationId, seq, at, caller, method, connectionId, scope, outcome, previousHash } = record;
  const fields = [organizationId, seq, at.toISOString(), caller, method, connectionId ?? '', canonicalJson(scope)];
  const bytes = canonical('reunite/audit/1', [...fields, outcome, previousHash.toString('hex')]);
  return createHash('sha256').update(bytes).digest();
}

/** The record that follows `last` in its organization's chain. */
export function follow(last: Pick<AuditRecord, 'seq' | 'hash'> | undefined, entry: AuditEntry, at: Date): AuditRecord {
  const record = { ...entry, at, seq: (last?.seq ?? 0) + 1, previousHash: last?.hash ?? chainStart };
  return { ...record, hash: hashOf(record) };
}

export type ChainViolation = 'changed' | 'out-of-place' | 'cut-off';

/**
 * Whether a record is what its hash says, and follows the one before.
 *
 * @returns `changed`, or `out-of-place` where a record before it was removed or the order is another
 */
export function violationOf(
  record: AuditRecord,
  last: Pick<AuditRecord, 'seq' | 'hash'> | undefined,
): ChainViolation | null {
  const follows = record.seq === (last?.seq ?? 0) + 1 && record.previousHash.equals(last?.hash ?? chainStart);
  if (!follows) return 'out-of-place';
  return record.hash.equals(hashOf(record)) ? null : 'changed';
}
