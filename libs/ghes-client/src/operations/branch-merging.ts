import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const mergeCommitSchema = z.looseObject({ sha: z.string(), parents: z.array(z.looseObject({ sha: z.string() })) });

/** The commit that a merge made; its first parent is where the branch was. */
export type MergeCommit = z.output<typeof mergeCommitSchema>;

/** 204 has no body: the base holds the head already. */
const answerSchema = z.union([mergeCommitSchema, z.undefined(), z.null(), z.literal('')]);

/**
 * [Merge a branch](https://docs.github.com/enterprise-server@latest/rest/branches/branches#merge-a-branch). Needs `contents: write`.
 *
 * @param options - `base`: the branch that is merged into; `head`: a branch or a commit's id
 * @returns null if there was nothing to merge
 * @throws GhesConflictError if they conflict; GhesNotFoundError if one of them is not there
 */
export async function mergeBranch(
  client: GhesClient,
  { owner, repo, base, head, message }: RepositoryName & { base: string; head: string; message?: string | undefined },
): Promise<MergeCommit | null> {
  const parameters = { owner, repo, base, head, commit_message: message };
  const { data } = await client.request(routes.mergeBranch, parameters, answerSchema);
  return typeof data === 'object' ? data : null;
}
