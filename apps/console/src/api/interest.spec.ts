import { describe, expect, it } from '@jest/globals';
import { concerns } from './interest.js';

describe('a live event concerns an answer', () => {
  const interest = { types: ['deployment', 'ref'], projectId: 'prj_1', deploymentId: 'dep_1' } as const;

  it('of its type and its ids', () => {
    expect(concerns({ type: 'deployment', id: 'dep_1', projectId: 'prj_1' }, interest)).toBe(true);
    expect(concerns({ type: 'deployment', id: 'dep_2', projectId: 'prj_1' }, interest)).toBe(false);
    expect(concerns({ type: 'deployment', id: 'dep_1', projectId: 'prj_2' }, interest)).toBe(false);
    expect(concerns({ type: 'delivery', id: 'dlv_1' }, interest)).toBe(false);
  });

  it('of a pull request, or of the statuses of its head', () => {
    const ofPull = { types: ['pull-request', 'commit-status'], pullRequest: '4', commit: 'c1' } as const;
    expect(concerns({ type: 'pull-request', id: '4' }, ofPull)).toBe(true);
    expect(concerns({ type: 'pull-request', id: '5' }, ofPull)).toBe(false);
    expect(concerns({ type: 'commit-status', id: 'c1' }, ofPull)).toBe(true);
    expect(concerns({ type: 'commit-status', id: 'c2' }, ofPull)).toBe(false);
  });

  it('when the event does not say which project it is about', () => {
    expect(concerns({ type: 'ref', id: 'ref_1' }, interest)).toBe(true);
  });

  it('after the stream was away, whatever it is', () => {
    expect(concerns('resync', { types: [] })).toBe(true);
  });
});
