import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { noContentSchema } from './no-content.schema.js';
import type { PullRequestName } from './pull-requests.js';
import { routes } from './routes.js';

const mergeResultSchema = z.looseObject({ sha: z.string(), merged: z.boolean() });

/** The commit that a merge created. */
export type MergeResult = z.output<typeof mergeResultSchema>;

/** A merge of a pull request. */
export interface PullRequestMerge extends PullRequestName {
  /** The expected head; the merge fails if it has moved. */
  readonly sha: string;
  readonly method?: 'merge' | 'squash' | 'rebase' | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

/**
 * [Merge a pull request](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#merge-a-pull-request). Needs
 * `contents: write`.
 *
 * @throws GhesConflictError if the head has moved
 * @throws GhesValidationError (405) if it is not mergeable
 */
export async function mergePullRequest(
  client: GhesClient,
  { owner, repo, number, sha, method, title, message }: PullRequestMerge,
): Promise<MergeResult> {
  const texts = { commit_title: title, commit_message: message };
  const parameters = { owner, repo, pull_number: number, sha, merge_method: method, ...texts };
  return (await client.request(routes.mergePullRequest, parameters, mergeResultSchema)).data;
}

/**
 * [Update a pull request
 * branch](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#update-a-pull-request-branch): merges the
 * base into the head, some time after the response. Needs `pull_requests: write`.
 *
 * @param options `sha`: the expected head
 * @throws GhesConflictError if it has moved
 */
export async function updatePullRequestBranch(
  client: GhesClient,
  { owner, repo, number, sha }: PullRequestName & { sha: string },
): Promise<void> {
  const parameters = { owner, repo, pull_number: number, expected_head_sha: sha };
  await client.request(routes.updatePullRequestBranch, parameters, noContentSchema);
}
