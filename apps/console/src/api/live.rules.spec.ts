import { describe, expect, it } from '@jest/globals';
import { isChangedBy } from './live.rules.js';

describe('a live event changes a response', () => {
  it('of its kind and ids', () => {
    const deployment = { projectId: 'prj_1', deploymentId: 'dep_1' };
    expect(isChangedBy({ type: 'deployment', id: 'dep_1', projectId: 'prj_1' }, 'deployment', deployment)).toBe(true);
    expect(isChangedBy({ type: 'deployment', id: 'dep_2', projectId: 'prj_1' }, 'deployment', deployment)).toBe(false);
    expect(isChangedBy({ type: 'deployment', id: 'dep_1', projectId: 'prj_2' }, 'deployment', deployment)).toBe(false);
    expect(isChangedBy({ type: 'delivery', id: 'dlv_1' }, 'deployment', deployment)).toBe(false);
  });

  it('of a pull request, or of the statuses of its head', () => {
    const pull = { pullRequest: '4', commit: 'c1' };
    expect(isChangedBy({ type: 'pull-request', id: '4' }, 'pull-request', pull)).toBe(true);
    expect(isChangedBy({ type: 'pull-request', id: '5' }, 'pull-request', pull)).toBe(false);
    expect(isChangedBy({ type: 'commit-status', id: 'c1' }, 'pull-request', pull)).toBe(true);
    expect(isChangedBy({ type: 'commit-status', id: 'c2' }, 'pull-request', pull)).toBe(false);
  });

  it('if the event names no project', () => {
    expect(isChangedBy({ type: 'ref', id: 'ref_1' }, 'content', { projectId: 'prj_1' })).toBe(true);
  });

  it('of any kind after the stream was interrupted', () => {
    expect(isChangedBy('resync', 'session', {})).toBe(true);
  });
});
