import type { MergeMethod } from '@reunite/contracts';
import type { BranchProtection, BranchRule } from '@reunite/ghes-client';

/** The requirements of a branch, from its classic protection and its rulesets together. */
export interface BranchRequirements {
  /** Required approving reviews; null if unknown. */
  readonly approvals: number | null;
  /** Required status checks. */
  readonly checks: readonly string[];
  /** Descriptions of requirements that the server does not report the state of. */
  readonly others: readonly string[];
  /** Returns whether the branch allows a merge method. */
  readonly allows: (method: MergeMethod) => boolean;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  required_signatures: 'signed commits',
  required_deployments: 'deployments',
  workflows: 'workflows',
  code_scanning: 'code scanning',
};

type Reviews = NonNullable<BranchProtection['required_pull_request_reviews']>;
type RuleParameters = NonNullable<BranchRule['parameters']>;

/** Combines a branch's classic protection with its ruleset rules. The strictest requirement counts. */
export function branchRequirements(
  protection: BranchProtection | null,
  rules: readonly BranchRule[],
): BranchRequirements {
  const reviews = protection?.required_pull_request_reviews;
  const reviewRules = rules.flatMap(({ type, parameters }) =>
    type === 'pull_request' && parameters ? [parameters] : [],
  );
  const approvals = [reviews, ...reviewRules].flatMap((one) => one?.required_approving_review_count ?? []);
  const isLinear =
    isOn(protection?.required_linear_history) || rules.some(({ type }) => type === 'required_linear_history');
  const methods = reviewRules.flatMap(({ allowed_merge_methods: allowed }) => (allowed ? [allowed] : []));
  return {
    approvals: approvals.length > 0 ? Math.max(...approvals) : null,
    checks: requiredChecks(protection, rules),
    others: [
      ...reviewDescriptions(reviews, protection, reviewRules),
      ...new Set(rules.flatMap(({ type }) => DESCRIPTIONS[type] ?? [])),
    ],
    allows: (method) => !(isLinear && method === 'merge') && methods.every((allowed) => allowed.includes(method)),
  };
}

function requiredChecks(protection: BranchProtection | null, rules: readonly BranchRule[]): string[] {
  const classic = protection?.required_status_checks?.contexts ?? [];
  const ofRules = rules.flatMap(({ parameters }) => parameters?.required_status_checks ?? []);
  return [...new Set([...classic, ...ofRules.map(({ context }) => context)])];
}

function reviewDescriptions(
  reviews: Reviews | null | undefined,
  protection: BranchProtection | null,
  rules: readonly RuleParameters[],
): string[] {
  const needsOwners =
    reviews?.require_code_owner_reviews === true || rules.some((one) => one.require_code_owner_review);
  const needsResolution =
    isOn(protection?.required_conversation_resolution) || rules.some((one) => one.required_review_thread_resolution);
  return [
    ...(needsOwners ? ['a review by code owners'] : []),
    ...(needsResolution ? ['all conversations resolved'] : []),
  ];
}

function isOn(setting: { readonly enabled?: boolean | undefined } | undefined): boolean {
  return setting?.enabled === true;
}
