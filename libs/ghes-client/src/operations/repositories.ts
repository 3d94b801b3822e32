import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import { pages } from './paging.js';

export const repositorySchema = z.looseObject({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  owner: accountSchema,
  private: z.boolean(),
  fork: z.boolean(),
  archived: z.boolean().optional(),
  /** Named even where the repository is empty and has no branch yet. */
  default_branch: z.string(),
  html_url: z.string(),
});

/** A repository on the server. */
export type Repository = z.output<typeof repositorySchema>;

const branchSchema = z.looseObject({
  name: z.string(),
  commit: z.looseObject({ sha: z.string() }),
  protected: z.boolean(),
});

/** A branch and its head. */
export type Branch = z.output<typeof branchSchema>;

/** Which repository. */
export interface RepositoryName {
  owner: string;
  repo: string;
}

/** [Get a repository](https://docs.github.com/enterprise-server@latest/rest/repos/repos#get-a-repository). */
export async function getRepository(client: GhesClient, { owner, repo }: RepositoryName): Promise<Repository> {
  return (await client.request('GET /repos/{owner}/{repo}', { owner, repo }, repositorySchema)).data;
}

/** [List branches](https://docs.github.com/enterprise-server@latest/rest/branches/branches#list-branches). */
export async function* listBranches(
  client: GhesClient,
  { owner, repo }: RepositoryName,
): AsyncGenerator<Branch, void, undefined> {
  const route = 'GET /repos/{owner}/{repo}/branches';
  for await (const page of pages(client, route, { owner, repo }, z.array(branchSchema))) yield* page;
}
