import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';
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

/** What to say about a commit. */
export interface NewCommitStatus extends RepositoryName {
  sha: string;
  state: CommitState;
  /** Names project and check; the newest status of a context counts. */
  context: string;
  /** Cut to 140 characters. */
  description?: string | undefined;
  targetUrl?: string | undefined;
}

/** [Create a commit status](https://docs.github.com/enterprise-server@latest/rest/commits/statuses#create-a-commit-status). At most 1,000 per commit and context. */
export async function createCommitStatus(
  client: GhesClient,
  { owner, repo, sha, state, context, description, targetUrl }: NewCommitStatus,
): Promise<CommitStatus> {
  const body = {
    state,
    context,
    ...(description === undefined ? {} : { description: cutStatusDescription(description) }),
    ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
  };
  const route = 'POST /repos/{owner}/{repo}/statuses/{sha}';
  return (await client.request(route, { owner, repo, sha, ...body }, commitStatusSchema)).data;
}
