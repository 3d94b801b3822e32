import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import { routes } from './routes.js';

export const repositorySchema = z.looseObject({
  id: z.number(),
  /** What GraphQL knows it by. */
  node_id: z.string().default(''),
  name: z.string(),
  full_name: z.string(),
  owner: accountSchema,
  private: z.boolean(),
  fork: z.boolean(),
  archived: z.boolean().optional(),
  /** Named even where the repository is empty and has no branch yet. */
  default_branch: z.string(),
  html_url: z.string(),
  /** Only for who may write: which ways to merge are allowed. */
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  /** Only for who may write: what the server writes below a merge's title, `PR_TITLE` (default), `PR_BODY` or `BLANK`. */
  merge_commit_message: z.string().optional(),
  /** `COMMIT_OR_PR_TITLE` (default) or `PR_TITLE`. */
  squash_merge_commit_title: z.string().optional(),
  /** `COMMIT_MESSAGES` (default), `PR_BODY` or `BLANK`. */
  squash_merge_commit_message: z.string().optional(),
});

/** A repository on the server. */
export type Repository = z.output<typeof repositorySchema>;

/** Which repository. */
export interface RepositoryName {
  owner: string;
  repo: string;
}

/** [Get a repository](https://docs.github.com/enterprise-server@latest/rest/repos/repos#get-a-repository). */
export async function getRepository(client: GhesClient, { owner, repo }: RepositoryName): Promise<Repository> {
  return (await client.request(routes.getRepository, { owner, repo }, repositorySchema)).data;
}
