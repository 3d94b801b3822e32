import type { MergeReadiness } from '@reunite/contracts';

/** What decides about a merge, as the server tells it. */
export interface MergeFacts {
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly baseBranch: string;
  /** null while the server works it out. */
  readonly mergeable: boolean | null;
  /** The server's word: `clean`, `dirty`, `blocked`, `behind`, `unstable`, `draft`, `has_hooks`, `unknown`. */
  readonly mergeableState: string;
  /** Whose last word is an approval. */
  readonly approvedBy: readonly string[];
  readonly changesRequestedBy: readonly string[];
  /** null where the rules of the base branch cannot be read. */
  readonly requiredApprovals: number | null;
  /** Checks that the base branch requires and that have not passed. */
  readonly unmetChecks: readonly string[];
  readonly failingChecks: readonly string[];
  /** What else the base branch asks for, in words; the server does not say whether it is met. */
  readonly otherRequirements: readonly string[];
}

type Readiness = Pick<MergeReadiness, 'state' | 'reason' | 'mergeable'>;

/** Whether a pull request can be merged, and why not, in words: the first thing that stands in its way. */
export function mergeReadiness(facts: MergeFacts): Readiness {
  const { draft, mergeable, mergeableState, baseBranch } = facts;
  if (facts.state === 'merged') return no('merged', `It is merged into ${baseBranch}.`);
  if (facts.state === 'closed') return no('closed', 'It is closed. Reopen it to merge it.');
  if (draft) return no('draft', 'It is a draft. Mark it as ready for review first.');
  if (mergeable === false || mergeableState === 'dirty') {
    const remedy = `Bring ${baseBranch} into its branch and settle the conflict there.`;
    return no('conflict', `Its changes conflict with ${baseBranch}. ${remedy}`);
  }
  if (mergeableState === 'blocked') return blocked(facts);
  if (mergeableState === 'behind') {
    return no('behind', `Its branch must hold all of ${baseBranch} before it can be merged. Update the branch.`);
  }
  if (mergeable === null) {
    return no('unknown', 'The server is still working out whether it can be merged. Look again in a moment.');
  }
  return open(facts);
}

function no(state: MergeReadiness['state'], reason: string): Readiness {
  return { state, reason, mergeable: false };
}

function blocked(facts: MergeFacts): Readiness {
  const { changesRequestedBy, approvedBy, requiredApprovals, unmetChecks, otherRequirements, baseBranch } = facts;
  if (changesRequestedBy.length > 0) return no('changes-requested', `${names(changesRequestedBy)} asked for changes.`);
  if (unmetChecks.length > 0) {
    return no('failed-requirements', `Required by ${baseBranch} and not passed: ${unmetChecks.join(', ')}.`);
  }
  if (requiredApprovals !== null && requiredApprovals > approvedBy.length) {
    const needed = requiredApprovals === 1 ? 'an approving review' : `${requiredApprovals} approving reviews`;
    return no('review-required', `${baseBranch} requires ${needed}; there are ${approvedBy.length}.`);
  }
  if (otherRequirements.length > 0) {
    const asked = `${baseBranch} requires ${otherRequirements.join(', ')}`;
    return no('failed-requirements', `${asked}; the server does not say what of its rules is not met.`);
  }
  return no('failed-requirements', `The rules of ${baseBranch} are not met; the server does not say which.`);
}

/** Nothing stands in the way; what people and checks said is told nevertheless. */
function open({ changesRequestedBy, approvedBy, failingChecks, baseBranch }: MergeFacts): Readiness {
  const failing = failingChecks.length > 0 ? ` Failing: ${failingChecks.join(', ')}.` : '';
  if (changesRequestedBy.length > 0) {
    const reason = `${names(changesRequestedBy)} asked for changes, which ${baseBranch} does not require.${failing}`;
    return { state: 'changes-requested', reason, mergeable: true };
  }
  if (approvedBy.length > 0) {
    return { state: 'approved', reason: `Approved by ${names(approvedBy)}.${failing}`, mergeable: true };
  }
  return { state: 'ready', reason: `It has no conflict with ${baseBranch}.${failing}`, mergeable: true };
}

function names(people: readonly string[]): string {
  return people.length > 3 ? `${people.slice(0, 3).join(', ')} and others` : people.join(', ');
}
