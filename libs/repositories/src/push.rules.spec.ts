import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { desiredAfterPush } from './push.rules.js';
import type { DesiredState } from './push.rules.js';

const ZERO_COMMIT = '0'.repeat(40);
const at = (commit: string | null): DesiredState => ({ commit, deleted: false });
const gone: DesiredState = { commit: null, deleted: true };

describe('a push', () => {
  it('sets the desired commit if it follows the current one', () => {
    expect(desiredAfterPush(at('a'), { before: 'a', after: 'b' })).toEqual(at('b'));
  });

  it('changes nothing if it arrives again', () => {
    expect(desiredAfterPush(at('b'), { before: 'a', after: 'b' })).toBeNull();
  });

  it('falls back to the commit of the server if it arrives late', () => {
    expect(desiredAfterPush(at('c'), { before: 'a', after: 'b' })).toEqual(at(null));
  });

  it('deletes the ref only if it deletes the desired commit', () => {
    expect(desiredAfterPush(at('b'), { before: 'b', after: ZERO_COMMIT })).toEqual(gone);
    expect(desiredAfterPush(at('c'), { before: 'b', after: ZERO_COMMIT })).toEqual(at(null));
  });

  it('sets the desired commit if it recreates a deleted branch', () => {
    expect(desiredAfterPush(gone, { before: ZERO_COMMIT, after: 'd' })).toEqual(at('d'));
  });
});

describe('a push to a SHA-256 repository', () => {
  it('deletes the ref if it has a zero id of 64 digits', () => {
    expect(desiredAfterPush(at('b'), { before: 'b', after: '0'.repeat(64) })).toEqual(gone);
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

  it('ends at the last push or at the commit of the server, in any order and with repeats', () => {
    fc.assert(
      fc.property(arrivals, ({ last, arrived }) => {
        let current: DesiredState | null = null;
        for (const push of arrived) current = desiredAfterPush(current, push) ?? current;
        const usesServerState = current?.commit === null && !current.deleted;
        if (!usesServerState) expect(current?.deleted ? ZERO_COMMIT : current?.commit).toBe(last);
      }),
    );
  });
});
