import { describe, expect, it } from '@jest/globals';
import type { CommitState } from '@reunite/contracts';
import fc from 'fast-check';
import { sortStatuses, STATUS_LIMIT } from './status-sending.rules.js';
import type { SentBefore, UnsentStatus } from './status-sending.rules.js';

const status = (state: CommitState, sequence = 1, description: string = state): UnsentStatus => ({
  context: 'Reunite (Docs): build',
  state,
  sequence,
  description,
  targetUrl: null,
});
const nothing: SentBefore = { count: 0, latest: null };
const states = fc.constantFrom<CommitState>('pending', 'success', 'failure', 'error');

describe('the choice of statuses to send', () => {
  it('includes all in order while the server keeps up', () => {
    const unsent = [status('pending', 1), status('success', 2)];
    expect(sortStatuses(unsent, nothing, false)).toEqual({ send: unsent, leave: [] });
  });

  it('includes only the latest after an outage (P7)', () => {
    const unsent = [status('pending', 1), status('failure', 2), status('pending', 3), status('success', 4)];
    const { send, leave } = sortStatuses(unsent, nothing, true);
    expect(send.map(({ sequence }) => sequence)).toEqual([4]);
    expect(leave).toEqual([1, 2, 3].map((sequence) => ({ sequence, outcome: 'superseded' })));
  });

  it('leaves out what the server shows already, also if the statuses in between were left out', () => {
    const before = { count: 3, latest: status('success') };
    expect(sortStatuses([status('pending', 4), status('success', 5)], before, true).send).toEqual([]);
    expect(sortStatuses([status('success', 4)], before, false).leave).toEqual([{ sequence: 4, outcome: 'unchanged' }]);
    expect(sortStatuses([status('success', 4, 'other')], before, false).send).toHaveLength(1);
  });

  it('never exceeds the limit of the server', () => {
    fc.assert(
      fc.property(fc.array(states, { minLength: 1_500, maxLength: 2_000 }), (sequence) => {
        const unsent = sequence.map((state, index) => status(state, index));
        expect(sortStatuses(unsent, nothing, false).send.length).toBeLessThanOrEqual(STATUS_LIMIT);
      }),
      { numRuns: 20 },
    );
    const full = { count: STATUS_LIMIT, latest: status('pending') };
    expect(sortStatuses([status('success', 9)], full, false).leave[0]?.outcome).toContain('1000');
  });

  it('reserves room below the limit for another final status', () => {
    const before = { count: 950, latest: status('success') };
    const { send } = sortStatuses([status('pending', 1), status('error', 2)], before, false);
    expect(send.map(({ state }) => state)).toEqual(['error']);
  });
});
