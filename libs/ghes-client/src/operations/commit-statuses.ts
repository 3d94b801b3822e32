import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { listOf } from './list.schema.js';
import { PAGE_ITEMS } from './paging.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';
import { cutStatusDescription } from './status-description.rules.js';

const commitStateSchema = z.enum(['error', 'failure', 'pending', 'success']);

/** State of a commit status. */
export type CommitState = z.output<typeof commitStateSchema>;

const commitStatusSchema = z.looseObject({
  id: z.number(),
  state: commitStateSchema,
  context: z.string(),
  description: z.string().nullable(),
  target_url: z.string().nullable(),
  created_at: z.string(),
});

/** A status of a commit in one context. */
export type CommitStatus = z.output<typeof commitStatusSchema>;

/** A commit status to create. */
export interface NewCommitStatus extends RepositoryName {
  readonly sha: string;
  readonly state: CommitState;
  /** The project and check; the newest status of a context applies. */
  readonly context: string;
  /** Cut to 140 characters. */
  readonly description?: string | undefined;
  readonly targetUrl?: string | undefined;
}

/**
 * [Create a commit
 * status](https://docs.github.com/enterprise-server@latest/rest/commits/statuses#create-a-commit-status). At most 1,000
 * per commit and context.
 */
export async function createCommitStatus(
  client: GhesClient,
  { owner, repo, sha, state, context, description, targetUrl }: NewCommitStatus,
): Promise<CommitStatus> {
  const text = description === undefined ? undefined : cutStatusDescription(description);
  const parameters = { owner, repo, sha, state, context, description: text, target_url: targetUrl };
  return (await client.request(routes.createCommitStatus, parameters, commitStatusSchema)).data;
}

const combinedStatusSchema = z.looseObject({
  /** `failure` if any failed, `pending` if any is pending or there is none, else `success`. */
  state: z.string(),
  sha: z.string(),
  total_count: z.number(),
  statuses: listOf(commitStatusSchema, PAGE_ITEMS),
});

/** The newest status of every context of a commit, and their combined state. */
export type CombinedStatus = z.output<typeof combinedStatusSchema>;

/**
 * [Get the combined status for a specific
 * reference](https://docs.github.com/enterprise-server@latest/rest/commits/statuses#get-the-combined-status-for-a-specific-reference).
 * The first 100 contexts.
 */
export async function getCombinedStatus(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): Promise<CombinedStatus> {
  const parameters = { owner, repo, ref, per_page: PAGE_ITEMS };
  return (await client.request(routes.getCombinedStatus, parameters, combinedStatusSchema, { size: 'page' })).data;
}
