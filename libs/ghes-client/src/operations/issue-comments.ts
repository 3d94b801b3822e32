import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { accountSchema } from './account.schema.js';
import { items } from './paging.js';
import type { PullRequestName } from './pull-requests.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const issueCommentSchema = z.looseObject({
  id: z.number(),
  user: accountSchema.nullable(),
  body: z.string().default(''),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** A comment on the conversation of an issue or a pull request, which is an issue too. */
export type IssueComment = z.output<typeof issueCommentSchema>;

/**
 * [Create an issue
 * comment](https://docs.github.com/enterprise-server@latest/rest/issues/comments#create-an-issue-comment). Needs
 * `pull_requests: write` or `issues: write`.
 *
 * @param comment its `number` is the one of the pull request; servers accept bodies of up to 65,536 characters
 * @throws GhesForbiddenError if the permission is missing or the conversation is locked
 */
export async function createIssueComment(
  client: GhesClient,
  { owner, repo, number, body }: PullRequestName & { readonly body: string },
): Promise<IssueComment> {
  const parameters = { owner, repo, issue_number: number, body };
  return (await client.request(routes.createIssueComment, parameters, issueCommentSchema)).data;
}

/**
 * [Update an issue
 * comment](https://docs.github.com/enterprise-server@latest/rest/issues/comments#update-an-issue-comment). Needs
 * `pull_requests: write` or `issues: write`, which also allow changes of other users' comments.
 *
 * @throws GhesNotFoundError if the comment was deleted
 */
export async function updateIssueComment(
  client: GhesClient,
  { owner, repo, commentId, body }: RepositoryName & { readonly commentId: number; readonly body: string },
): Promise<IssueComment> {
  const parameters = { owner, repo, comment_id: commentId, body };
  return (await client.request(routes.updateIssueComment, parameters, issueCommentSchema)).data;
}

/**
 * [List issue
 * comments](https://docs.github.com/enterprise-server@latest/rest/issues/comments#list-issue-comments), oldest first.
 *
 * @param listing `since`: only comments that were changed after this time of the server
 */
export function listIssueComments(
  client: GhesClient,
  { owner, repo, number, since }: PullRequestName & { readonly since?: Date | undefined },
): AsyncGenerator<IssueComment, void, undefined> {
  const parameters = { owner, repo, issue_number: number, since: since?.toISOString() };
  return items(client, routes.listIssueComments, parameters, issueCommentSchema, 'content');
}
