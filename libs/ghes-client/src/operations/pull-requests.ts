import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import { pages } from './paging.js';
import type { RepositoryName } from './repositories.js';

const sideSchema = z.looseObject({
  ref: z.string(),
  sha: z.string(),
  /** Null where the fork was deleted. */
  repo: z.looseObject({ id: z.number(), full_name: z.string() }).nullable(),
});

const pullRequestSchema = z.looseObject({
  id: z.number(),
  number: z.number(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  draft: z.boolean().optional(),
  html_url: z.string(),
  user: accountSchema.nullable(),
  head: sideSchema,
  base: sideSchema,
  created_at: z.string(),
  updated_at: z.string(),
  merged_at: z.string().nullable(),
});

/** A pull request. */
export type PullRequest = z.output<typeof pullRequestSchema>;

/** Which pull requests. */
export interface PullRequestFilter {
  /** Default: `open`. */
  state?: 'open' | 'closed' | 'all' | undefined;
  /** `owner:branch` of the head. */
  head?: string | undefined;
  /** Branch of the base. */
  base?: string | undefined;
}

/** [List pull requests](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#list-pull-requests), newest first. */
export async function* listPullRequests(
  client: GhesClient,
  { owner, repo, state, head, base }: RepositoryName & PullRequestFilter,
): AsyncGenerator<PullRequest, void, undefined> {
  const route = 'GET /repos/{owner}/{repo}/pulls';
  const parameters = { owner, repo, state, head, base };
  for await (const page of pages(client, route, parameters, z.array(pullRequestSchema))) yield* page;
}

/** [Get a pull request](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#get-a-pull-request). */
export async function getPullRequest(
  client: GhesClient,
  { owner, repo, number }: RepositoryName & { number: number },
): Promise<PullRequest> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
  return (await client.request(route, { owner, repo, pull_number: number }, pullRequestSchema)).data;
}
