import { describe, expect, it } from '@jest/globals';
import { concerns } from './interest.js';

describe('a live event concerns a response', () => {
  const interest = { types: ['deployment', 'ref'], projectId: 'prj_1', deploymentId: 'dep_1' } as const;

  it('with its type and ids', () => {
    expect(concerns({ type: 'deployment', id: 'dep_1', projectId: 'prj_1' }, interest)).toBe(true);
    expect(concerns({ type: 'deployment', id: 'dep_2', projectId: 'prj_1' }, interest)).toBe(false);
    expect(concerns({ type: 'deployment', id: 'dep_1', projectId: 'prj_2' }, interest)).toBe(false);
    expect(concerns({ type: 'delivery', id: 'dlv_1' }, interest)).toBe(false);
  });

  it('for a pull request, or for the statuses of its head', () => {
    const ofPull = { types: ['pull-request', 'commit-status'], pullRequest: '4', commit: 'c1' } as const;
    expect(concerns({ type: 'pull-request', id: '4' }, ofPull)).toBe(true);
    expect(concerns({ type: 'pull-request', id: '5' }, ofPull)).toBe(false);
    expect(concerns({ type: 'commit-status', id: 'c1' }, ofPull)).toBe(true);
    expect(concerns({ type: 'commit-status', id: 'c2' }, ofPull)).toBe(false);
  });

  it('if the event names no project', () => {
    expect(concerns({ type: 'ref', id: 'ref_1' }, interest)).toBe(true);
  });

  it('of any kind after the stream was interrupted', () => {
    expect(concerns('resync', { types: [] })).toBe(true);
  });
});
