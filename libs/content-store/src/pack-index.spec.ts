import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodePackIndex, PackIndex } from './pack-index.js';
import type { IndexedObject } from './pack-index.js';

const id = fc.string({ unit: fc.constantFrom('0', '1', '7', 'a', 'f'), minLength: 40, maxLength: 40 });
const object: fc.Arbitrary<IndexedObject> = fc.record({
  id,
  type: fc.constantFrom('commit', 'tree', 'blob', 'tag'),
  base: fc.option(id.filter((text) => /[^0]/.test(text))),
  pack: fc.constantFrom('1'.repeat(40), '2'.repeat(40), 'a'.repeat(40)),
  offset: fc.nat(2 ** 48 - 1),
  length: fc.nat(2 ** 32 - 1),
  depth: fc.nat(2 ** 16 - 1),
  complete: fc.boolean(),
});
const objects = fc.uniqueArray(object, { selector: (value) => value.id, maxLength: 50 });

describe('PackIndex', () => {
  it('finds every object that was written, and no other', () => {
    fc.assert(
      fc.property(objects, id, fc.boolean(), (written, other, selfContained) => {
        const index = new PackIndex(encodePackIndex(written, written.length, selfContained));
        expect(index.selfContained).toBe(selfContained);
        for (const one of written) expect(index.find(Buffer.from(one.id, 'hex'))).toEqual(one);
        const expected = written.find((one) => one.id === other) ?? null;
        expect(index.find(Buffer.from(other, 'hex'))).toEqual(expected);
        expect([...index.objects()].map((one) => one.id)).toEqual(written.map((one) => one.id).sort());
      }),
    );
  });

  it('rejects a file that is truncated or has any byte changed', () => {
    const [one] = fc.sample(object, 1);
    const bytes = encodePackIndex([one!], 1, true);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      expect(() => new PackIndex(damaged)).toThrow(RangeError);
      expect(() => new PackIndex(bytes.subarray(0, at))).toThrow(RangeError);
    }
  });
});
