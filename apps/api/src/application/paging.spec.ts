import { describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import fc from 'fast-check';
import { pageOfRows, readCursor } from './paging.js';

describe('paging', () => {
  it('neither loses nor repeats a row for any page size', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 7 }), (count, limit) => {
        const rows = Array.from({ length: count }, () => newId('project'));
        const listed: string[] = [];
        let from = 0;
        for (;;) {
          const page = pageOfRows(rows.slice(from, from + limit + 1), limit, (id) => id);
          listed.push(...page.items);
          if (page.endCursor === null) break;
          from = rows.indexOf(readCursor(page.endCursor)) + 1;
        }
        expect(listed).toEqual(rows);
      }),
    );
  });

  it.each(['', '***', Buffer.from("x' OR 1").toString('base64url'), Buffer.from('\0').toString('base64url')])(
    'rejects the cursor %j',
    (cursor) => expect(() => readCursor(cursor)).toThrow('The cursor is invalid.'),
  );
});
