import type { GhesClient } from '../client.js';
import { listedPullRequestSchema } from './pull-requests.js';
import type { PullRequest, PullRequestName } from './pull-requests.js';
import { routes } from './routes.js';

/** Users by login, and teams of the organization by slug. */
export interface Reviewers {
  readonly reviewers: readonly string[];
  readonly teamReviewers: readonly string[];
}

/**
 * [Request
 * reviewers](https://docs.github.com/enterprise-server@latest/rest/pulls/review-requests#request-reviewers-for-a-pull-request).
 * Needs `pull_requests: write`. A reviewer who is requested already stays requested.
 *
 * @throws GhesValidationError if a reviewer is the author or has no access to the repository
 */
export async function requestReviewers(
  client: GhesClient,
  { owner, repo, number, reviewers, teamReviewers }: PullRequestName & Reviewers,
): Promise<PullRequest> {
  const parameters = { owner, repo, pull_number: number, reviewers, team_reviewers: teamReviewers };
  return (await client.request(routes.requestReviewers, parameters, listedPullRequestSchema)).data;
}

/**
 * [Remove requested
 * reviewers](https://docs.github.com/enterprise-server@latest/rest/pulls/review-requests#remove-requested-reviewers-from-a-pull-request).
 * Needs `pull_requests: write`.
 */
export async function removeRequestedReviewers(
  client: GhesClient,
  { owner, repo, number, reviewers, teamReviewers }: PullRequestName & Reviewers,
): Promise<PullRequest> {
  const parameters = { owner, repo, pull_number: number, reviewers, team_reviewers: teamReviewers };
  return (await client.request(routes.removeRequestedReviewers, parameters, listedPullRequestSchema)).data;
}
