import { mergeMethods } from '@reunite/contracts';
import type { MergeMethod, MergeReadiness, PullRequestCheck, PullRequestReview } from '@reunite/contracts';
import {
  compareCommits,
  getBranchProtection,
  getCombinedStatus,
  getRepository,
  listBranchRules,
  listCheckRuns,
} from '@reunite/ghes-client';
import type { GhesClient, PullRequestDetail, RepositoryName } from '@reunite/ghes-client';
import { branchRequirements } from './branch-requirements.rules.js';
import type { BranchRequirements } from './branch-requirements.rules.js';
import { mergeReadiness } from './merge-readiness.rules.js';
import { collect, orIfDenied } from './optional-reads.js';
import { checkOfRun, checkOfStatus, latestReviews } from './reviews-and-checks.rules.js';

export interface ReadinessInputs {
  readonly reviews: readonly PullRequestReview[];
  readonly checks: readonly PullRequestCheck[];
  /** The merge methods that the repository allows. */
  readonly methods: readonly MergeMethod[];
}

/** Reads the commit statuses and check runs of a commit, as far as the app has permission. */
export async function readChecks(client: GhesClient, name: RepositoryName, ref: string): Promise<PullRequestCheck[]> {
  const [statuses, runs] = await Promise.all([
    orIfDenied(getCombinedStatus(client, { ...name, ref }), null),
    orIfDenied(collect(listCheckRuns(client, { ...name, ref })), []),
  ]);
  return [...(statuses?.statuses ?? []).map(checkOfStatus), ...runs.map(checkOfRun)];
}

/** Reads the merge methods that a repository allows. Returns all of them if the app may not read the settings. */
export async function readMergeMethods(client: GhesClient, name: RepositoryName): Promise<MergeMethod[]> {
  const repository = await orIfDenied(getRepository(client, name), null);
  const disabled: Record<MergeMethod, boolean> = {
    merge: repository?.allow_merge_commit === false,
    squash: repository?.allow_squash_merge === false,
    rebase: repository?.allow_rebase_merge === false,
  };
  return mergeMethods.filter((method) => !disabled[method]);
}

/** Reads the requirements of the base branch and returns whether a pull request can be merged. */
export async function readReadiness(
  client: GhesClient,
  name: RepositoryName,
  pull: PullRequestDetail,
  { reviews, checks, methods }: ReadinessInputs,
): Promise<MergeReadiness> {
  const { state, merged, base, head } = pull;
  const isOpen = state === 'open';
  const [required, comparison] = await Promise.all([
    isOpen ? readRequirements(client, { ...name, branch: base.ref }) : branchRequirements(null, []),
    isOpen ? orIfDenied(compareCommits(client, { ...name, base: base.ref, head: head.sha }), null) : null,
  ]);
  const readiness = mergeReadiness({
    ...latestReviews(reviews),
    state: merged ? 'merged' : state,
    draft: pull.draft ?? false,
    baseBranch: base.ref,
    mergeable: pull.mergeable ?? null,
    mergeableState: pull.mergeable_state ?? 'unknown',
    requiredApprovals: required.approvals,
    unmetChecks: unmetChecks(required.checks, checks),
    otherRequirements: required.others,
    failingChecks: checks.filter((one) => ['failure', 'error'].includes(one.state)).map((one) => one.name),
  });
  return { ...readiness, behind: (comparison?.behind_by ?? 0) > 0, methods: methods.filter(required.allows) };
}

/** Contexts are compared without case: https://docs.github.com/en/rest/commits/statuses#create-a-commit-status */
function unmetChecks(required: readonly string[], checks: readonly PullRequestCheck[]): string[] {
  const passing = checks.filter((one) => ['success', 'neutral'].includes(one.state));
  const passed = new Set(passing.map((one) => one.name.toLowerCase()));
  return required.filter((context) => !passed.has(context.toLowerCase()));
}

async function readRequirements(
  client: GhesClient,
  branch: RepositoryName & { readonly branch: string },
): Promise<BranchRequirements> {
  const [protection, rules] = await Promise.all([
    orIfDenied(getBranchProtection(client, branch), null),
    orIfDenied(collect(listBranchRules(client, branch)), []),
  ]);
  return branchRequirements(protection, rules);
}
