import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import { routes } from './routes.js';

export const repositorySchema = z.looseObject({
  id: z.number(),
  /** The id that GraphQL uses. */
  node_id: z.string().default(''),
  name: z.string(),
  full_name: z.string(),
  owner: accountSchema,
  private: z.boolean(),
  fork: z.boolean(),
  archived: z.boolean().optional(),
  /** Set even for an empty repository, which has no branch yet. */
  default_branch: z.string(),
  html_url: z.string(),
  /** Allowed merge methods; only for callers with write access. */
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  /** Body of a merge commit: `PR_TITLE` (default), `PR_BODY` or `BLANK`. Only for callers with write access. */
  merge_commit_message: z.string().optional(),
  /** `COMMIT_OR_PR_TITLE` (default) or `PR_TITLE`. */
  squash_merge_commit_title: z.string().optional(),
  /** `COMMIT_MESSAGES` (default), `PR_BODY` or `BLANK`. */
  squash_merge_commit_message: z.string().optional(),
});

/** A repository on the server. */
export type Repository = z.output<typeof repositorySchema>;

/** Identifies a repository. */
export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

/** [Get a repository](https://docs.github.com/enterprise-server@latest/rest/repos/repos#get-a-repository). */
export async function getRepository(client: GhesClient, { owner, repo }: RepositoryName): Promise<Repository> {
  return (await client.request(routes.getRepository, { owner, repo }, repositorySchema)).data;
}
