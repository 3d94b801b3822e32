import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesNotFoundError } from '../errors/not-found.error.js';
import { listOf } from './list.schema.js';
import { items } from './paging.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const branchSchema = z.looseObject({
  name: z.string(),
  commit: z.looseObject({ sha: z.string() }),
  protected: z.boolean(),
  /** Part of classic protection that a token with `contents: read` may see. Missing in lists of branches. */
  protection: z
    .looseObject({
      required_status_checks: z
        .looseObject({
          checks: listOf(z.looseObject({ context: z.string(), app_id: z.number().nullish() }), 1_000).optional(),
        })
        .optional(),
    })
    .optional(),
});

/** A branch and its head. */
export type Branch = z.output<typeof branchSchema>;

const enabledSchema = z.looseObject({ enabled: z.boolean().optional() }).optional();

const branchProtectionSchema = z.looseObject({
  required_status_checks: z
    .looseObject({ strict: z.boolean().optional(), contexts: listOf(z.string(), 1_000) })
    .optional(),
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

/** Requirements of a protected branch for changes. */
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
 * [Get branch
 * protection](https://docs.github.com/enterprise-server@latest/rest/branches/branch-protection#get-branch-protection).
 * Needs `administration: read`.
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
    // An unknown branch is answered 404 too; only the text differs.
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
      allowed_merge_methods: listOf(z.string(), 100).optional(),
      required_status_checks: listOf(
        z.looseObject({ context: z.string(), integration_id: z.number().nullish() }),
        1_000,
      ).optional(),
    })
    .optional(),
});

/** A rule of a ruleset that applies to a branch. */
export type BranchRule = z.output<typeof branchRuleSchema>;

/**
 * [Get rules for a branch](https://docs.github.com/enterprise-server@latest/rest/repos/rules#get-rules-for-a-branch),
 * of all enforced rulesets of the repository and its owner. Without classic branch protection. Needs `metadata: read`.
 */
export function listBranchRules(
  client: GhesClient,
  { owner, repo, branch }: RepositoryName & { branch: string },
): AsyncGenerator<BranchRule, void, undefined> {
  return items(client, routes.listBranchRules, { owner, repo, branch }, branchRuleSchema);
}
