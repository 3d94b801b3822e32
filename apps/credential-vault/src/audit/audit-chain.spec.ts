import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { violationOf, nextRecord } from './audit-chain.js';
import type { AuditRecord } from './audit-chain.js';

function chainOf(length: number): AuditRecord[] {
  const chain: AuditRecord[] = [];
  for (let i = 0; i < length; i += 1) {
    const entry = {
      organizationId: 'org',
      caller: 'api',
      method: 'getApp',
      connectionId: `con_${i}`,
      scope: { number: i },
      outcome: 'ok',
    };
    chain.push(nextRecord(chain.at(-1), entry, new Date(i)));
  }
  return chain;
}

const firstBroken = (chain: AuditRecord[]) => chain.find((record, index) => violationOf(record, chain[index - 1]));

describe('the audit chain', () => {
  it('verifies records whatever the key order of their scope', () => {
    const chain = chainOf(5);
    expect(firstBroken(chain)).toBeUndefined();
  });

  it('reports the first changed record', () => {
    const changes: Partial<AuditRecord>[] = [
      { caller: 'x' },
      { method: 'x' },
      { connectionId: null },
      { scope: {} },
      { outcome: 'x' },
      { at: new Date(99) },
    ];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.constantFrom(...changes), (index, change) => {
        const chain = chainOf(8);
        chain[index] = { ...chain[index]!, ...change };
        expect(firstBroken(chain)).toBe(chain[index]);
      }),
    );
  });

  it('reports a removed and a reordered record', () => {
    const [a, b, c, d] = chainOf(4) as [AuditRecord, AuditRecord, AuditRecord, AuditRecord];
    expect(firstBroken([a, c, d])).toBe(c);
    expect(firstBroken([b, c, d])).toBe(b);
    expect(firstBroken([a, c, b, d])).toBe(c);
  });
});
