import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesNotFoundError } from '../errors/not-found.error.js';
import { items } from './paging.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const branchSchema = z.looseObject({
  name: z.string(),
  commit: z.looseObject({ sha: z.string() }),
  protected: z.boolean(),
});

/** A branch and its head. */
export type Branch = z.output<typeof branchSchema>;

const enabledSchema = z.looseObject({ enabled: z.boolean().optional() }).optional();

const branchProtectionSchema = z.looseObject({
  required_status_checks: z.looseObject({ strict: z.boolean().optional(), contexts: z.array(z.string()) }).optional(),
  required_pull_request_reviews: z
    .looseObject({
      required_approving_review_count: z.number().optional(),
      require_code_owner_reviews: z.boolean(),
      dismiss_stale_reviews: z.boolean(),
    })
    .optional(),
  enforce_admins: enabledSchema,
  required_linear_history: enabledSchema,
  required_conversation_resolution: enabledSchema,
});

/** What a branch asks for before it is changed. */
export type BranchProtection = z.output<typeof branchProtectionSchema>;

/** [List branches](https://docs.github.com/enterprise-server@latest/rest/branches/branches#list-branches). */
export function listBranches(
  client: GhesClient,
  { owner, repo }: RepositoryName,
): AsyncGenerator<Branch, void, undefined> {
  return items(client, routes.listBranches, { owner, repo }, branchSchema);
}

/** [Get a branch](https://docs.github.com/enterprise-server@latest/rest/branches/branches#get-a-branch). */
export async function getBranch(
  client: GhesClient,
  { owner, repo, branch }: RepositoryName & { branch: string },
): Promise<Branch> {
  return (await client.request(routes.getBranch, { owner, repo, branch }, branchSchema)).data;
}

/**
 * [Get branch protection](https://docs.github.com/enterprise-server@latest/rest/branches/branch-protection#get-branch-protection). Needs `administration: read`.
 *
 * @returns null if the branch is not protected
 */
export async function getBranchProtection(
  client: GhesClient,
  { owner, repo, branch }: RepositoryName & { branch: string },
): Promise<BranchProtection | null> {
  try {
    return (await client.request(routes.getBranchProtection, { owner, repo, branch }, branchProtectionSchema)).data;
  } catch (error) {
    // The same 404 says that there is no such branch; only the text tells them apart.
    if (error instanceof GhesNotFoundError && /branch not protected/i.test(error.message)) return null;
    throw error;
  }
}

const branchRuleSchema = z.looseObject({
  /** `pull_request`, `required_status_checks`, `required_linear_history`, `required_signatures`, … */
  type: z.string(),
  parameters: z
    .looseObject({
      required_approving_review_count: z.number().optional(),
      require_code_owner_review: z.boolean().optional(),
      required_review_thread_resolution: z.boolean().optional(),
      allowed_merge_methods: z.array(z.string()).optional(),
      required_status_checks: z.array(z.looseObject({ context: z.string() })).optional(),
    })
    .optional(),
});

/** A rule of a ruleset that holds for a branch. */
export type BranchRule = z.output<typeof branchRuleSchema>;

/**
 * [Get rules for a branch](https://docs.github.com/enterprise-server@latest/rest/repos/rules#get-rules-for-a-branch): of all rulesets that are enforced, whoever made them.
 * Classic protection is not among them. Needs `metadata: read`.
 */
export function listBranchRules(
  client: GhesClient,
  { owner, repo, branch }: RepositoryName & { branch: string },
): AsyncGenerator<BranchRule, void, undefined> {
  return items(client, routes.listBranchRules, { owner, repo, branch }, branchRuleSchema);
}
