import type { MergeMethod } from '@reunite/contracts';
import type { BranchProtection, BranchRule } from '@reunite/ghes-client';

/** What a branch asks for before it is changed, by its classic protection and by rulesets together. */
export interface BranchRequirements {
  /** null where nothing is known of reviews. */
  readonly approvals: number | null;
  readonly checks: readonly string[];
  /** In words, what the server does not tell apart once it is not met. */
  readonly others: readonly string[];
  /** Which methods it allows. */
  readonly allows: (method: MergeMethod) => boolean;
}

const words: Readonly<Record<string, string>> = {
  required_signatures: 'signed commits',
  required_deployments: 'deployments',
  workflows: 'workflows',
  code_scanning: 'code scanning',
};

export function branchRequirements(
  protection: BranchProtection | null,
  rules: readonly BranchRule[],
): BranchRequirements {
  const reviews = protection?.required_pull_request_reviews;
  const asked = rules.flatMap(({ type, parameters }) => (type === 'pull_request' && parameters ? [parameters] : []));
  const approvals = [reviews, ...asked].flatMap((one) => one?.required_approving_review_count ?? []);
  const checks = [
    ...(protection?.required_status_checks?.contexts ?? []),
    ...rules.flatMap(({ parameters }) => (parameters?.required_status_checks ?? []).map(({ context }) => context)),
  ];
  const isLinear =
    isOn(protection?.required_linear_history) || rules.some(({ type }) => type === 'required_linear_history');
  const methods = asked.flatMap(({ allowed_merge_methods: allowed }) => (allowed ? [allowed] : []));
  return {
    approvals: approvals.length > 0 ? Math.max(...approvals) : null,
    checks: [...new Set(checks)],
    others: [
      ...(reviews?.require_code_owner_reviews || asked.some((one) => one.require_code_owner_review)
        ? ['a review by code owners']
        : []),
      ...(isOn(protection?.required_conversation_resolution) ||
      asked.some((one) => one.required_review_thread_resolution)
        ? ['all conversations resolved']
        : []),
      ...new Set(rules.flatMap(({ type }) => words[type] ?? [])),
    ],
    allows: (method) => !(isLinear && method === 'merge') && methods.every((allowed) => allowed.includes(method)),
  };
}

function isOn(setting: { readonly enabled?: boolean | undefined } | undefined): boolean {
  return setting?.enabled === true;
}
