import { describe, expect, it } from '@jest/globals';
import type { Session } from '../../../api/paths.js';
import { whyNotCommit } from './production-commits.rules.js';

const as = (role: string) => ({ roles: [role] }) as unknown as Session;
const project = (productionCommits: 'pull-request' | 'maintain' | 'write') => ({
  productionBranch: 'main',
  productionCommits,
});

describe('a commit to the production branch', () => {
  it('is rejected for every role if the branch changes by pull request only', () => {
    expect(whyNotCommit(project('pull-request'), as('owner'), 'main')).toContain('by pull request only');
  });

  it('requires the role of the project', () => {
    expect(whyNotCommit(project('maintain'), as('write'), 'main')).toContain('requires the role maintain');
    expect(whyNotCommit(project('maintain'), as('maintain'), 'main')).toBeNull();
    expect(whyNotCommit(project('write'), as('write'), 'main')).toBeNull();
  });

  it('does not restrict other branches', () => {
    expect(whyNotCommit(project('pull-request'), as('write'), 'next')).toBeNull();
  });
});
