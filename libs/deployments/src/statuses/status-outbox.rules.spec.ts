import { describe, expect, it } from '@jest/globals';
import type { CommitState } from '@reunite/contracts';
import fc from 'fast-check';
import { sortStatuses, STATUS_LIMIT } from './status-outbox.rules.js';
import type { OpenStatus, SentBefore } from './status-outbox.rules.js';

const status = (state: CommitState, sequence = 1, description = state as string): OpenStatus => ({
  ...{ context: 'Reunite (Docs): build', state, sequence, description, targetUrl: null },
});
const nothing: SentBefore = { count: 0, last: null };
const states = fc.constantFrom<CommitState>('pending', 'success', 'failure', 'error');

describe('what of the outbox is sent', () => {
  it('is all of it, in its order, while the server keeps up', () => {
    const open = [status('pending', 1), status('success', 2)];
    expect(sortStatuses(open, nothing, false)).toEqual({ send: open, leave: [] });
  });

  it('is the last word alone after an outage (P7)', () => {
    const open = [status('pending', 1), status('failure', 2), status('pending', 3), status('success', 4)];
    const { send, leave } = sortStatuses(open, nothing, true);
    expect(send.map(({ sequence }) => sequence)).toEqual([4]);
    expect(leave).toEqual([1, 2, 3].map((sequence) => ({ sequence, outcome: 'superseded' })));
  });

  it('is nothing where the server shows it already, also when what was between was left out', () => {
    const before = { count: 3, last: status('success') };
    expect(sortStatuses([status('pending', 4), status('success', 5)], before, true).send).toEqual([]);
    expect(sortStatuses([status('success', 4)], before, false).leave).toEqual([{ sequence: 4, outcome: 'unchanged' }]);
    expect(sortStatuses([status('success', 4, 'other')], before, false).send).toHaveLength(1);
  });

  it('never exceeds the limit, whatever is said, and always has room for a changed last word', () => {
    fc.assert(
      fc.property(fc.array(states, { minLength: 1_500, maxLength: 2_000 }), (said) => {
        const open = said.map((state, index) => status(state, index));
        const { send } = sortStatuses(open, nothing, false);
        expect(send.length).toBeLessThanOrEqual(STATUS_LIMIT);
        const sparing = sortStatuses(
          [status('pending', 1), status('error', 2)],
          { count: 950, last: status('success') },
          false,
        );
        expect(sparing.send.map(({ state }) => state)).toEqual(['error']);
      }),
      { numRuns: 20 },
    );
    const full = { count: STATUS_LIMIT, last: status('pending') };
    expect(sortStatuses([status('success', 9)], full, false).leave[0]?.outcome).toContain('1000');
  });
});
