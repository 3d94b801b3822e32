import { describe, expect, it } from '@jest/globals';
import { environmentOf } from './preview-policy.rules.js';
import type { PreviewPolicy } from './preview-policy.rules.js';

const policy = (own: Partial<PreviewPolicy> = {}): PreviewPolicy => ({
  productionBranch: 'main',
  branchPreviews: { mode: 'none' },
  pullRequestPreviews: true,
  forkPreviews: false,
  ...own,
});
const branch = (name: string, openPullRequests = 0) => ({ kind: 'branch' as const, branch: name, openPullRequests });
const fork = { kind: 'fork' as const, openPullRequests: 1 };

describe('the preview policy', () => {
  it('deploys the production branch to production under all settings', () => {
    expect(environmentOf(policy({ branchPreviews: { mode: 'all' } }), branch('main', 1))).toBe('production');
  });

  it('previews a branch while a pull request is open on it', () => {
    expect(environmentOf(policy(), branch('topic', 2))).toBe('preview');
    expect(environmentOf(policy(), branch('topic', 0))).toBeNull();
    expect(environmentOf(policy({ pullRequestPreviews: false }), branch('topic', 1))).toBeNull();
  });

  it('previews branches by pattern', () => {
    const patterns = policy({ branchPreviews: { mode: 'patterns', patterns: ['docs/*', '*-draft-*x', 'exact'] } });
    const previewed = ['docs/a/b', 'my-draft-page-x', 'exact', 'a-draft-x'].map((name) =>
      environmentOf(patterns, branch(name)),
    );
    const others = ['doc/a', 'my-draft', 'exactly', 'docs'].map((name) => environmentOf(patterns, branch(name)));
    expect(previewed).toEqual(['preview', 'preview', 'preview', 'preview']);
    expect(others).toEqual([null, null, null, null]);
  });

  it('keeps forks out unless they are allowed', () => {
    expect(environmentOf(policy({ branchPreviews: { mode: 'all' } }), fork)).toBeNull();
    expect(environmentOf(policy({ forkPreviews: true }), fork)).toBe('preview');
  });
});
