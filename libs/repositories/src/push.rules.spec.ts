import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { needsServerState } from './push.rules.js';
import type { DesiredState, PushedChange } from './push.rules.js';

const ZERO_COMMIT = '0'.repeat(40);
const at = (commit: string | null): DesiredState => ({ commit, deleted: false, requested: false });
const gone: DesiredState = { commit: null, deleted: true, requested: false };

describe('a push', () => {
  it.each<[string, DesiredState | null, PushedChange]>([
    ['follows the last current commit', at('a'), { before: 'a', after: 'b' }],
    ['arrives late', at('c'), { before: 'a', after: 'b' }],
    ['names an unknown ref', null, { before: ZERO_COMMIT, after: 'a' }],
    ['recreates a deleted ref', gone, { before: ZERO_COMMIT, after: 'd' }],
    ['deletes the ref', at('b'), { before: 'b', after: ZERO_COMMIT }],
    ['deletes the ref at another commit', at('c'), { before: 'b', after: ZERO_COMMIT }],
    ['arrives while the server is still to be asked', at(null), { before: 'a', after: 'b' }],
  ])('asks the server if it %s', (_, current, push) => {
    expect(needsServerState(current, push)).toBe(true);
  });

  it.each<[string, DesiredState | null, PushedChange]>([
    ['arrives again', at('b'), { before: 'a', after: 'b' }],
    ['deletes a deleted ref', gone, { before: 'b', after: ZERO_COMMIT }],
    ['deletes a ref that is not tracked', null, { before: 'b', after: ZERO_COMMIT }],
    ['deletes a deleted ref of a SHA-256 repository', gone, { before: 'b', after: '0'.repeat(64) }],
  ])('asks nothing if it %s', (_, current, push) => {
    expect(needsServerState(current, push)).toBe(false);
  });
});

describe('a history of pushes (P3)', () => {
  /** Commits may return, and the ref may be deleted and created again. */
  const histories = fc
    .array(fc.constantFrom('a', 'b', 'c', ZERO_COMMIT), { minLength: 2, maxLength: 8 })
    .map((states) => states.filter((state, index) => state !== states[index - 1]))
    .filter((states) => states.length > 1);

  /** Every push at least once, in any order, each after a part of the history has happened. */
  const arrivals = histories.chain((states) => {
    const pushes = states.slice(1).map((after, index) => ({ before: states[index] ?? '', after, happened: index + 1 }));
    return fc
      .tuple(
        fc.shuffledSubarray(pushes, { minLength: pushes.length }),
        fc.array(fc.constantFrom(...pushes)),
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 }),
      )
      .map(([once, again, pace]) => ({ states, arrived: [...once, ...again], pace }));
  });

  it('attack: in any order and with repeats, ends at the state of the server and never shows an earlier one again', () => {
    fc.assert(
      fc.property(arrivals, ({ states, arrived, pace }) => {
        let current: DesiredState | null = null;
        let now = 0;
        let shownAt = 0;
        for (const [index, { happened, ...push }] of arrived.entries()) {
          // A delivery cannot arrive before its push; more of the history may have happened.
          now = Math.min(states.length - 1, Math.max(now, happened) + (pace[index % pace.length] ?? 0));
          if (!needsServerState(current, push)) continue;
          expect(now).toBeGreaterThanOrEqual(shownAt);
          shownAt = now;
          current = states[now] === ZERO_COMMIT ? gone : at(states[now] ?? null);
        }
        expect(current === null || current.deleted ? ZERO_COMMIT : current.commit).toBe(states.at(-1));
      }),
    );
  });
});
