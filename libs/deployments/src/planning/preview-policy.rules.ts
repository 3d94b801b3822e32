import type { BranchPreviews, Environment } from '@reunite/contracts';

export interface PreviewPolicy {
  readonly productionBranch: string;
  readonly branchPreviews: BranchPreviews;
  readonly pullRequestPreviews: boolean;
  readonly forkPreviews: boolean;
}

/** A ref that the policy can include: a branch, or the head of a pull request from a fork. */
export type PolicyRef =
  | { readonly kind: 'branch'; readonly branch: string; readonly openPullRequests: number }
  | { readonly kind: 'fork'; readonly openPullRequests: number };

/**
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
 */
export const MERGE_QUEUE = 'gh-readonly-queue/';

function isMergeQueueBranch(branch: string): boolean {
  return branch.startsWith(MERGE_QUEUE);
}

/** The environment that a ref is deployed to, or null if it is not deployed. */
export function environmentOf(policy: PreviewPolicy, ref: PolicyRef): Environment | null {
  const previewed = policy.pullRequestPreviews && ref.openPullRequests > 0;
  if (ref.kind === 'fork') return previewed && policy.forkPreviews ? 'preview' : null;
  if (ref.branch === policy.productionBranch) return 'production';
  // What passes there is what the base branch becomes, so that the pull request's checks run again.
  if (policy.pullRequestPreviews && isMergeQueueBranch(ref.branch)) return 'preview';
  return previewed || matchesBranch(policy.branchPreviews, ref.branch) ? 'preview' : null;
}

function matchesBranch(previews: BranchPreviews, branch: string): boolean {
  switch (previews.mode) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'patterns':
      return previews.patterns.some((pattern) => matchesPattern(pattern, branch));
  }
}

/** `*` matches any characters, including slashes. Takes linear time for every pattern: patterns are user input. */
function matchesPattern(pattern: string, branch: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return branch === first;
  if (!branch.startsWith(first) || !branch.endsWith(last) || branch.length < first.length + last.length) return false;
  let from = first.length;
  const to = branch.length - last.length;
  for (const part of rest) {
    const index = branch.indexOf(part, from);
    if (index < 0 || index + part.length > to) return false;
    from = index + part.length;
  }
  return true;
}
