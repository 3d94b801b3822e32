import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wantedAfterPush } from './push.rules.js';
import type { WantedState } from './push.rules.js';

const ZERO_COMMIT = '0'.repeat(40);
const at = (commit: string | null): WantedState => ({ commit, deleted: false });
const gone: WantedState = { commit: null, deleted: true };

describe('a push', () => {
  it('that follows what is wanted is wanted next', () => {
    expect(wantedAfterPush(at('a'), { before: 'a', after: 'b' })).toEqual(at('b'));
  });

  it('that arrives again changes nothing', () => {
    expect(wantedAfterPush(at('b'), { before: 'a', after: 'b' })).toBeNull();
  });

  it('that arrives late does not bring its old commit back: the server is asked', () => {
    expect(wantedAfterPush(at('c'), { before: 'a', after: 'b' })).toEqual(at(null));
  });

  it('that deletes is believed only when it deletes what is wanted', () => {
    expect(wantedAfterPush(at('b'), { before: 'b', after: ZERO_COMMIT })).toEqual(gone);
    expect(wantedAfterPush(at('c'), { before: 'b', after: ZERO_COMMIT })).toEqual(at(null));
  });

  it('that creates a deleted branch again is wanted', () => {
    expect(wantedAfterPush(gone, { before: ZERO_COMMIT, after: 'd' })).toEqual(at('d'));
  });
});

describe('a push to a SHA-256 repository', () => {
  it('that deletes has a zero id of 64 digits', () => {
    expect(wantedAfterPush(at('b'), { before: 'b', after: '0'.repeat(64) })).toEqual(gone);
  });
});

describe('a series of pushes (P3)', () => {
  const histories = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', ZERO_COMMIT), { minLength: 2 })
    .map((commits) => commits.slice(1).map((after, i) => ({ before: commits[i] ?? '', after })));

  /** Every push at least once, in any order. */
  const arrivals = histories.chain((pushes) =>
    fc
      .tuple(fc.shuffledSubarray(pushes, { minLength: pushes.length }), fc.array(fc.constantFrom(...pushes)))
      .map(([once, again]) => ({ last: pushes.at(-1)?.after, arrived: [...once, ...again] })),
  );

  it('in any order, some repeated, ends at the last one or asks the server', () => {
    fc.assert(
      fc.property(arrivals, ({ last, arrived }) => {
        let current: WantedState | null = null;
        for (const push of arrived) current = wantedAfterPush(current, push) ?? current;
        const asks = current?.commit === null && !current.deleted;
        if (!asks) expect(current?.deleted ? ZERO_COMMIT : current?.commit).toBe(last);
      }),
    );
  });
});
