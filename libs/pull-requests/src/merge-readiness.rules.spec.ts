import { describe, expect, it } from '@jest/globals';
import { mergeReadiness } from './merge-readiness.rules.js';
import type { MergeFacts } from './merge-readiness.rules.js';

const clean: MergeFacts = {
  state: 'open',
  draft: false,
  baseBranch: 'main',
  mergeable: true,
  mergeableState: 'clean',
  approvedBy: [],
  changesRequestedBy: [],
  requiredApprovals: null,
  unmetChecks: [],
  failingChecks: [],
  otherRequirements: [],
};
const blocked = { mergeableState: 'blocked' };

describe('mergeReadiness', () => {
  it.each<[Partial<MergeFacts>, string, RegExp, boolean]>([
    [{}, 'ready', /no conflict with main/, true],
    [{ mergeableState: 'unstable', failingChecks: ['lint'] }, 'ready', /Failing: lint/, true],
    [{ approvedBy: ['grace'] }, 'approved', /Approved by grace/, true],
    [{ changesRequestedBy: ['grace'] }, 'changes-requested', /grace requested changes, but/, true],
    [{ ...blocked, changesRequestedBy: ['grace'] }, 'changes-requested', /^grace requested changes\.$/, false],
    [{ ...blocked, requiredApprovals: 2, approvedBy: ['grace'] }, 'review-required', /2 approving reviews.* 1/, false],
    [{ ...blocked, unmetChecks: ['build'] }, 'failed-requirements', /build/, false],
    [
      { ...blocked, otherRequirements: ['a review by code owners', 'signed commits'] },
      'failed-requirements',
      /^main requires a review by code owners, signed commits; the server does not report/,
      false,
    ],
    [blocked, 'failed-requirements', /does not report which/, false],
    [{ mergeable: false, mergeableState: 'dirty' }, 'conflict', /conflict with main/, false],
    [{ mergeableState: 'behind' }, 'behind', /Update the branch/, false],
    [{ mergeable: null, mergeableState: 'unknown' }, 'unknown', /still computing/, false],
    [{ draft: true, mergeableState: 'draft' }, 'draft', /ready for review/, false],
    [{ draft: true, mergeable: false, mergeableState: 'dirty' }, 'draft', /draft/, false],
    [{ state: 'closed', mergeable: null }, 'closed', /Reopen/, false],
    [{ state: 'merged', mergeable: null }, 'merged', /merged into main/, false],
  ])('returns for %j: %s', (facts, state, reason, mergeable) => {
    const readiness = mergeReadiness({ ...clean, ...facts });
    expect(readiness).toEqual({ state, reason: expect.stringMatching(reason), mergeable });
  });
});
