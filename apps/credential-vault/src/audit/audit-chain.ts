import { createHash } from 'node:crypto';
import { canonical, canonicalJson } from '../crypto/canonical.js';
import type { AuditRecordEntity } from './audit-record.entity.js';

export type AuditRecord = Readonly<AuditRecordEntity>;
export type AuditEntry = Omit<AuditRecord, 'seq' | 'at' | 'previousHash' | 'hash'>;

type ChainEnd = Pick<AuditRecord, 'seq' | 'hash'>;

/** The hash that the first record of a chain refers to. */
export const CHAIN_START = Buffer.alloc(32);

/** Hashes every field of a record and, through the previous hash, all records before it. */
export function hashOf(record: Omit<AuditRecord, 'hash'>): Buffer {
  const { organizationId, seq, at, caller, method, connectionId, scope, outcome, previousHash } = record;
  const fields = [organizationId, seq, at.toISOString(), caller, method, connectionId ?? '', canonicalJson(scope)];
  const bytes = canonical('reunite/audit/1', [...fields, outcome, previousHash.toString('hex')]);
  return createHash('sha256').update(bytes).digest();
}

/** @param last the record before; undefined for the first of its chain */
export function nextRecord(last: ChainEnd | undefined, entry: AuditEntry, at: Date): AuditRecord {
  const record = { ...entry, at, seq: (last?.seq ?? 0) + 1, previousHash: last?.hash ?? CHAIN_START };
  return { ...record, hash: hashOf(record) };
}

export type ChainViolation = 'changed' | 'out-of-place' | 'cut-off';

/**
 * Verifies one record against the record before it.
 *
 * @returns `changed` if the hash does not match, `out-of-place` if a record was removed, added or moved before it; null
 *   if the record is valid
 */
export function violationOf(record: AuditRecord, last: ChainEnd | undefined): ChainViolation | null {
  const follows = record.seq === (last?.seq ?? 0) + 1 && record.previousHash.equals(last?.hash ?? CHAIN_START);
  if (!follows) return 'out-of-place';
  return record.hash.equals(hashOf(record)) ? null : 'changed';
}
