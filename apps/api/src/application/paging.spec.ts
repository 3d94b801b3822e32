import { describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import type { PageQuery } from '@reunite/contracts';
import fc from 'fast-check';
import { pageOfRows, readCursor, readCursors } from './paging.js';

describe('paging', () => {
  it('neither loses nor repeats a row for any page size, forward and back', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 7 }), (count, limit) => {
        const rows = Array.from({ length: count }, () => newId('project'));
        const read = (cursors: Pick<PageQuery, 'after' | 'before'>) => {
          const { after, before } = readCursors({ limit, ...cursors });
          const from = after === undefined ? 0 : rows.indexOf(after) + 1;
          const following = before === undefined ? rows.slice(from) : rows.slice(0, rows.indexOf(before)).reverse();
          return pageOfRows(following.slice(0, limit + 1), { limit, after, before }, (id) => id);
        };
        let page = read({});
        const forward = [...page.items];
        while (page.endCursor !== null) {
          page = read({ after: page.endCursor });
          forward.push(...page.items);
        }
        const backward = [...page.items];
        while (page.startCursor !== null) {
          page = read({ before: page.startCursor });
          backward.unshift(...page.items);
        }
        expect([forward, backward]).toEqual([rows, rows]);
      }),
    );
  });

  it.each(['', '***', Buffer.from("x' OR 1").toString('base64url'), Buffer.from('\0').toString('base64url')])(
    'rejects the cursor %j',
    (cursor) => expect(() => readCursor(cursor)).toThrow('The cursor is invalid.'),
  );
});
