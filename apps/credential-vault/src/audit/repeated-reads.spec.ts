import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from './audit-chain.js';
import { RepeatedReads } from './repeated-reads.js';

describe('RepeatedReads', () => {
  const read = (subject: string): AuditEntry => ({
    organizationId: 'org',
    caller: 'api',
    method: 'getUserAccount',
    connectionId: 'con',
    scope: { subject },
    outcome: 'ok',
  });
  const setUp = () => {
    const written: AuditEntry[] = [];
    const reads = new RepeatedReads((entry) => {
      written.push(entry);
      return Promise.resolve();
    });
    return { written, reads };
  };

  it('attack: 2,000 identical reads of one user make one record of their number', async () => {
    const { written, reads } = setUp();
    const folded = Array.from({ length: 2_000 }, () => reads.fold(read('ada')));
    expect(folded.filter((isFolded) => !isFolded)).toHaveLength(1);
    await reads.stop();
    expect(written).toEqual([{ ...read('ada'), scope: { subject: 'ada', repeated: 1_999 } }]);
  });

  it('folds neither single reads nor those of different users or outcomes', async () => {
    const { written, reads } = setUp();
    const entries = [read('ada'), read('grace'), { ...read('ada'), outcome: 'not-found' }];
    expect(entries.map((entry) => reads.fold(entry))).toEqual([false, false, false]);
    await reads.stop();
    expect(written).toEqual([]);
  });
});
