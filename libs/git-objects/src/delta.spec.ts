import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyDelta, deltaResultSize } from './delta.js';
import { MalformedObjectError } from './malformed-object.error.js';

const size = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...size(value >> 7)]);
const copy = (start: number, length: number) => [
  0b1111_1111,
  start & 255,
  (start >> 8) & 255,
  0,
  0,
  length & 255,
  (length >> 8) & 255,
  0,
];
const delta = (baseSize: number, resultSize: number, ...ops: number[][]) =>
  Buffer.from([...size(baseSize), ...size(resultSize), ...ops.flat()]);
const base = Buffer.from('0123456789');

describe('applyDelta', () => {
  it('combines copies of the base and inserted bytes', () => {
    const instruction = fc.oneof(
      fc
        .tuple(fc.nat(299), fc.integer({ min: 1, max: 300 }))
        .map(([start, length]) => ({ start, length: Math.min(length, 300 - start) })),
      fc.uint8Array({ minLength: 1, maxLength: 127 }).map((bytes) => ({ bytes: [...bytes] })),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 300, maxLength: 300 }),
        fc.array(instruction, { maxLength: 20 }),
        (bytes, plan) => {
          const source = Buffer.from(bytes);
          const expected = Buffer.concat(
            plan.map((p) => ('bytes' in p ? Buffer.from(p.bytes) : source.subarray(p.start, p.start + p.length))),
          );
          const ops = plan.map((p) => ('bytes' in p ? [p.bytes.length, ...p.bytes] : copy(p.start, p.length)));
          const made = delta(300, expected.length, ...ops);
          expect(deltaResultSize(made)).toBe(expected.length);
          expect(applyDelta(source, made)).toEqual(expected);
        },
      ),
    );
  });

  it('reads a copy without a length as 64 KiB', () => {
    const large = Buffer.alloc(0x10000, 'x');
    expect(applyDelta(large, delta(0x10000, 0x10000, [0x80]))).toEqual(large);
  });

  it.each([
    ['for another base', delta(9, 1, [1, 65])],
    ['that copies past the base', delta(10, 5, copy(6, 5))],
    ['that copies from an offset of 4 GiB', delta(10, 1, [0b1001_1111, 255, 255, 255, 255, 1])],
    ['that inserts more bytes than it contains', delta(10, 5, [5, 65])],
    ['with a result longer than announced', delta(10, 1, copy(0, 2))],
    ['with a result shorter than announced', delta(10, 3, copy(0, 2))],
    ['with the reserved instruction', delta(10, 1, [0], [1, 65])],
    ['with a truncated instruction', delta(10, 1, [0b1001_0001, 0])],
    ['with a truncated size', Buffer.from([10, 0x80])],
    ['with an unterminated size', Buffer.alloc(40, 0xff)],
    ['without content', Buffer.alloc(0)],
  ])('rejects a delta %s', (_, made) => {
    expect(() => applyDelta(base, made)).toThrow(MalformedObjectError);
  });

  it('returns the announced number of bytes or throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (ops) => {
        try {
          expect(applyDelta(base, delta(10, 8, [...ops]))).toHaveLength(8);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedObjectError);
        }
      }),
    );
  });
});
