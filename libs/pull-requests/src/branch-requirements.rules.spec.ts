import { describe, expect, it } from '@jest/globals';
import { mergeMethods } from '@reunite/contracts';
import { branchRequirements } from './branch-requirements.rules.js';

const reviews = { required_approving_review_count: 1, require_code_owner_reviews: true, dismiss_stale_reviews: false };

describe('the requirements of a branch', () => {
  it('are empty without protection and rules', () => {
    const { allows, ...rest } = branchRequirements(null, []);
    expect(rest).toEqual({ approvals: null, checks: [], others: [] });
    expect(mergeMethods.filter(allows)).toEqual([...mergeMethods]);
  });

  it('follow from its classic protection', () => {
    const { allows, ...rest } = branchRequirements(
      {
        required_pull_request_reviews: reviews,
        required_status_checks: { contexts: ['ci'] },
        required_linear_history: { enabled: true },
        required_conversation_resolution: { enabled: true },
      },
      [],
    );
    const others = ['a review by code owners', 'all conversations resolved'];
    expect(rest).toEqual({ approvals: 1, checks: ['ci'], others });
    expect(mergeMethods.filter(allows)).not.toContain('merge');
  });

  it('follow from rulesets, the strictest of which counts', () => {
    const { allows, ...rest } = branchRequirements(
      { required_pull_request_reviews: reviews, required_status_checks: { contexts: ['ci'] } },
      [
        {
          type: 'pull_request',
          parameters: { required_approving_review_count: 2, required_review_thread_resolution: true },
        },
        { type: 'pull_request', parameters: { allowed_merge_methods: ['squash'] } },
        {
          type: 'required_status_checks',
          parameters: { required_status_checks: [{ context: 'ci' }, { context: 'lint' }] },
        },
        { type: 'required_signatures' },
        { type: 'creation' },
      ],
    );
    const others = ['a review by code owners', 'all conversations resolved', 'signed commits'];
    expect(rest).toEqual({ approvals: 2, checks: ['ci', 'lint'], others });
    expect(mergeMethods.filter(allows)).toEqual(['squash']);
    expect(branchRequirements(null, [{ type: 'required_linear_history' }]).allows('merge')).toBe(false);
  });
});
