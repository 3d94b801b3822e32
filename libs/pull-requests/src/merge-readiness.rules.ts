import type { MergeReadiness } from '@reunite/contracts';

/** The facts that decide whether a pull request can be merged. */
export interface MergeFacts {
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly baseBranch: string;
  /** null while the server computes it. */
  readonly mergeable: boolean | null;
  /** GitHub's `mergeable_state`: `clean`, `dirty`, `blocked`, `behind`, `unstable`, `draft`, `has_hooks`, `unknown`. */
  readonly mergeableState: string;
  /** Reviewers whose latest review approves. */
  readonly approvedBy: readonly string[];
  readonly changesRequestedBy: readonly string[];
  /** null if the rules of the base branch cannot be read. */
  readonly requiredApprovals: number | null;
  /** Required checks that have not passed. */
  readonly unmetChecks: readonly string[];
  readonly failingChecks: readonly string[];
  /** Descriptions of other requirements; the server does not report whether they are met. */
  readonly otherRequirements: readonly string[];
}

type Readiness = Pick<MergeReadiness, 'state' | 'reason' | 'mergeable'>;

/** Returns whether a pull request can be merged. The reason names the first obstacle. */
export function mergeReadiness(facts: MergeFacts): Readiness {
  const { draft, mergeable, mergeableState, baseBranch } = facts;
  if (facts.state === 'merged') return no('merged', `It is merged into ${baseBranch}.`);
  if (facts.state === 'closed') return no('closed', 'It is closed. Reopen it to merge it.');
  if (draft) return no('draft', 'It is a draft. Mark it as ready for review first.');
  if (mergeable === false || mergeableState === 'dirty') {
    const remedy = `Merge ${baseBranch} into its branch and resolve the conflict there.`;
    return no('conflict', `Its changes conflict with ${baseBranch}. ${remedy}`);
  }
  if (mergeableState === 'blocked') return blocked(facts);
  if (mergeableState === 'behind') {
    return no('behind', `Its branch must contain all of ${baseBranch} before it can be merged. Update the branch.`);
  }
  if (mergeable === null) {
    return no('unknown', 'The server is still computing whether it can be merged. Try again in a moment.');
  }
  return open(facts);
}

function no(state: MergeReadiness['state'], reason: string): Readiness {
  return { state, reason, mergeable: false };
}

function blocked(facts: MergeFacts): Readiness {
  const { changesRequestedBy, approvedBy, requiredApprovals, unmetChecks, otherRequirements, baseBranch } = facts;
  if (changesRequestedBy.length > 0) return no('changes-requested', `${names(changesRequestedBy)} requested changes.`);
  if (unmetChecks.length > 0) {
    return no('failed-requirements', `Required by ${baseBranch} and not passed: ${unmetChecks.join(', ')}.`);
  }
  if (requiredApprovals !== null && requiredApprovals > approvedBy.length) {
    const needed = requiredApprovals === 1 ? 'an approving review' : `${requiredApprovals} approving reviews`;
    return no('review-required', `${baseBranch} requires ${needed}; there are ${approvedBy.length}.`);
  }
  if (otherRequirements.length > 0) {
    const required = `${baseBranch} requires ${otherRequirements.join(', ')}`;
    return no('failed-requirements', `${required}; the server does not report which requirement is not met.`);
  }
  return no('failed-requirements', `The rules of ${baseBranch} are not met; the server does not report which.`);
}

/** Mergeable; reviews and failing checks are mentioned as information. */
function open({ changesRequestedBy, approvedBy, failingChecks, baseBranch }: MergeFacts): Readiness {
  const failing = failingChecks.length > 0 ? ` Failing: ${failingChecks.join(', ')}.` : '';
  if (changesRequestedBy.length > 0) {
    const reason = `${names(changesRequestedBy)} requested changes, but ${baseBranch} does not require their approval.${failing}`;
    return { state: 'changes-requested', reason, mergeable: true };
  }
  if (approvedBy.length > 0) {
    return { state: 'approved', reason: `Approved by ${names(approvedBy)}.${failing}`, mergeable: true };
  }
  return { state: 'ready', reason: `It has no conflict with ${baseBranch}.${failing}`, mergeable: true };
}

function names(logins: readonly string[]): string {
  return logins.length > 3 ? `${logins.slice(0, 3).join(', ')} and others` : logins.join(', ');
}
