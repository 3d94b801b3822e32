import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import type { ChangedFile } from './changed-file.schema.js';
import { changedFileSchema } from './changed-file.schema.js';
import type { Commit } from './commits.js';
import { commitSchema } from './commits.js';
import { items } from './paging.js';
import type { PageStart } from './paging.js';
import type { PullRequestName } from './pull-requests.js';
import { routes } from './routes.js';

const reviewSchema = z.looseObject({
  id: z.number(),
  user: accountSchema.nullable(),
  /** `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`. */
  state: z.string(),
  body: z.string(),
  commit_id: z.string().nullable(),
  submitted_at: z.string().optional(),
});

const reviewCommentSchema = z.looseObject({
  id: z.number(),
  user: accountSchema.nullable(),
  body: z.string().default(''),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  path: z.string(),
  /** Null if the line is not part of the current diff. */
  line: z.number().nullish(),
});

/** A comment on a line of the diff of a pull request. */
export type ReviewComment = z.output<typeof reviewCommentSchema>;

/** A review; the newest of each reviewer applies. */
export type PullRequestReview = z.output<typeof reviewSchema>;

/**
 * [List pull requests
 * files](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#list-pull-requests-files). At most 3,000.
 */
export function listPullRequestFiles(
  client: GhesClient,
  { owner, repo, number, page, perPage = 100 }: PullRequestName & PageStart,
): AsyncGenerator<ChangedFile, void, undefined> {
  const parameters = { owner, repo, pull_number: number, page, per_page: perPage };
  return items(client, routes.listPullRequestFiles, parameters, changedFileSchema, 'content');
}

/**
 * [List commits on a pull
 * request](https://docs.github.com/enterprise-server@latest/rest/pulls/pulls#list-commits-on-a-pull-request), oldest
 * first. At most 250.
 */
export function listPullRequestCommits(
  client: GhesClient,
  { owner, repo, number }: PullRequestName,
): AsyncGenerator<Commit, void, undefined> {
  return items(client, routes.listPullRequestCommits, { owner, repo, pull_number: number }, commitSchema);
}

/**
 * [List reviews for a pull
 * request](https://docs.github.com/enterprise-server@latest/rest/pulls/reviews#list-reviews-for-a-pull-request), oldest
 * first.
 */
export function listPullRequestReviews(
  client: GhesClient,
  { owner, repo, number }: PullRequestName,
): AsyncGenerator<PullRequestReview, void, undefined> {
  return items(client, routes.listPullRequestReviews, { owner, repo, pull_number: number }, reviewSchema);
}

/**
 * [List review comments on a pull
 * request](https://docs.github.com/enterprise-server@latest/rest/pulls/comments#list-review-comments-on-a-pull-request),
 * oldest first.
 */
export function listReviewComments(
  client: GhesClient,
  { owner, repo, number }: PullRequestName,
): AsyncGenerator<ReviewComment, void, undefined> {
  const parameters = { owner, repo, pull_number: number };
  return items(client, routes.listReviewComments, parameters, reviewCommentSchema, 'content');
}
