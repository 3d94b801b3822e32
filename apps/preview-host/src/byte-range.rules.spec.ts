import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteRangeOf } from './byte-range.rules.js';

describe('byteRangeOf', () => {
  it.each([
    ['bytes=0-1', { start: 0, end: 1 }],
    ['bytes=4-', { start: 4, end: 9 }],
    ['bytes=4-99', { start: 4, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-99', { start: 0, end: 9 }],
    ['bytes=9-9', { start: 9, end: 9 }],
    [`bytes=0-${'9'.repeat(400)}`, { start: 0, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    [undefined, null],
    ['bytes=-', null],
    ['bytes=5-4', null],
    ['bytes=0-1,4-5', null],
    ['bytes=a-b', null],
    ['lines=0-1', null],
  ])('parses %j for a file of ten bytes as %j', (header, range) => {
    expect(byteRangeOf(header, 10)).toEqual(range);
  });

  it('returns only ranges inside of the file', () => {
    const number = fc.option(fc.nat({ max: 20 }), { nil: '' });
    fc.assert(
      fc.property(number, number, fc.nat({ max: 10 }), (first, last, bytes) => {
        const range = byteRangeOf(`bytes=${first}-${last}`, bytes);
        if (range === null || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(bytes);
      }),
    );
  });
});
