import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import { items } from './paging.js';
import type { RepositoryName } from './repositories.js';
import { listOf } from './list.schema.js';
import { routes } from './routes.js';

/** Servers accept at most 15 requested reviewers. */
const MAX_REVIEWERS = 100;

const sideSchema = z.looseObject({
  ref: z.string(),
  sha: z.string(),
  /** Null if the fork was deleted. */
  repo: z.looseObject({ id: z.number(), full_name: z.string() }).nullable(),
});

export const listedPullRequestSchema = z.looseObject({
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
  requested_reviewers: listOf(accountSchema, MAX_REVIEWERS).optional(),
  requested_teams: listOf(z.looseObject({ slug: z.string(), name: z.string() }), MAX_REVIEWERS).optional(),
});

const pullRequestSchema = listedPullRequestSchema.extend({
  /** The id that GraphQL uses. */
  node_id: z.string().default(''),
  /** Markdown; null if empty. */
  body: z.string().nullish(),
  commits: z.number().default(0),
  additions: z.number().default(0),
  deletions: z.number().default(0),
  changed_files: z.number().default(0),
  merged: z.boolean(),
  /** Null while the server computes it: request it again. */
  mergeable: z.boolean().nullish(),
  /** `clean`, `dirty` (conflict), `blocked`, `behind`, `unstable`, `draft`, `unknown`. */
  mergeable_state: z.string().optional(),
});

/** A pull request. */
export type PullRequest = z.output<typeof listedPullRequestSchema>;

/** A pull request with the fields that listings lack. */
export type PullRequestDetail = z.output<typeof pullRequestSchema>;

/** Filter and order of a listing. */
export interface PullRequestFilter {
  /** Default: `open`. */
  readonly state?: 'open' | 'closed' | 'all' | undefined;
  /** `owner:branch` of the head. */
  readonly head?: string | undefined;
  /** Branch of the base. */
  readonly base?: string | undefined;
  /** Default: `created`. */
  readonly sort?: 'created' | 'updated' | undefined;
  /** Default: `desc`, but `asc` with a `sort` other than `created`. */
  readonly direction?: 'asc' | 'desc' | undefined;
}

/** [List pull requests](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#list-pull-requests), newest first by default. */
export function listPullRequests(
  client: GhesClient,
  { owner, repo, state, head, base, sort, direction }: RepositoryName & PullRequestFilter,
): AsyncGenerator<PullRequest, void, undefined> {
  const parameters = { owner, repo, state, head, base, sort, direction };
  return items(client, routes.listPullRequests, parameters, listedPullRequestSchema);
}

/** Identifies a pull request. */
export interface PullRequestName extends RepositoryName {
  readonly number: number;
}

/** [Get a pull request](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#get-a-pull-request). */
export async function getPullRequest(
  client: GhesClient,
  { owner, repo, number }: PullRequestName,
): Promise<PullRequestDetail> {
  return (await client.request(routes.getPullRequest, { owner, repo, pull_number: number }, pullRequestSchema)).data;
}

/** A pull request to create. */
export interface NewPullRequest extends RepositoryName {
  readonly title: string;
  /** Branch, or `owner:branch` of a fork. */
  readonly head: string;
  readonly base: string;
  readonly body?: string | undefined;
  readonly draft?: boolean | undefined;
}

/**
 * [Create a pull request](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#create-a-pull-request). Needs `pull_requests: write`.
 *
 * @throws GhesConflictError if the two branches already have one
 */
export async function createPullRequest(
  client: GhesClient,
  { owner, repo, title, head, base, body, draft }: NewPullRequest,
): Promise<PullRequestDetail> {
  const parameters = { owner, repo, title, head, base, body, draft };
  return (await client.request(routes.createPullRequest, parameters, pullRequestSchema)).data;
}

/** Fields to change; omitted ones keep their value. */
export interface PullRequestChange extends PullRequestName {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly base?: string | undefined;
}

/** [Update a pull request](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#update-a-pull-request). Needs `pull_requests: write`. */
export async function updatePullRequest(
  client: GhesClient,
  { owner, repo, number, title, body, state, base }: PullRequestChange,
): Promise<PullRequestDetail> {
  const parameters = { owner, repo, pull_number: number, title, body, state, base };
  return (await client.request(routes.updatePullRequest, parameters, pullRequestSchema)).data;
}
