import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { MAX_PARENTS } from './commits.js';
import { listOf } from './list.schema.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const mergeCommitSchema = z.looseObject({
  sha: z.string(),
  parents: listOf(z.looseObject({ sha: z.string() }), MAX_PARENTS),
});

/** The commit that a merge created; its first parent is the previous head of the branch. */
export type MergeCommit = z.output<typeof mergeCommitSchema>;

/** Status 204, without a body: the base already contains the head. */
const responseSchema = z.union([mergeCommitSchema, z.undefined(), z.null(), z.literal('')]);

/**
 * [Merge a branch](https://docs.github.com/enterprise-server@latest/rest/branches/branches#merge-a-branch). Needs
 * `contents: write`.
 *
 * @param options `base`: the branch to merge into; `head`: a branch or a commit's id
 * @returns null if there was nothing to merge
 * @throws GhesConflictError if they conflict; GhesNotFoundError if one of them does not exist
 */
export async function mergeBranch(
  client: GhesClient,
  { owner, repo, base, head, message }: RepositoryName & { base: string; head: string; message?: string | undefined },
): Promise<MergeCommit | null> {
  const parameters = { owner, repo, base, head, commit_message: message };
  const { data } = await client.request(routes.mergeBranch, parameters, responseSchema);
  return typeof data === 'object' ? data : null;
}
