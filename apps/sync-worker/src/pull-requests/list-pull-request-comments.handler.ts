import type { jobs, PayloadOf, PullRequestComment, ResultOf } from '@reunite/contracts';
import { listIssueComments, listReviewComments } from '@reunite/ghes-client';
import type { IssueComment, ReviewComment } from '@reunite/ghes-client';
import { collect } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';
import { assertGranted, grantedPermissions } from '../connections/granted-permissions.js';

const NEEDED = { pull_requests: 'read' } as const;

/** The result passes through the queue and into a page: what users write on a server must not fill either. */
const MAX_OF_KIND = 500;
const MAX_TEXT_LENGTH = 10_000;

/** Lists the conversation of a pull request and the comments on its lines. Safe to run twice: it only reads. */
export class ListPullRequestCommentsHandler implements JobHandler<typeof jobs.listPullRequestComments> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
  ) {}

  async handle({
    repositoryId,
    number,
  }: PayloadOf<typeof jobs.listPullRequestComments>): Promise<ResultOf<typeof jobs.listPullRequestComments>> {
    const access = await this.ghes.repository(repositoryId);
    assertGranted(await grantedPermissions(this.dataSource, access.repository), NEEDED, access.repository);
    const client = access.client(NEEDED);
    const pull = { ...access.name, number };
    const [conversation, lines] = await Promise.all([
      collect(listIssueComments(client, pull)),
      collect(listReviewComments(client, pull)),
    ]);
    const items = [
      ...conversation.slice(-MAX_OF_KIND).map(commentOf),
      ...lines.slice(-MAX_OF_KIND).map(lineCommentOf),
    ].sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
    return { items, truncated: Math.max(conversation.length, lines.length) > MAX_OF_KIND };
  }
}

export function commentOf(comment: IssueComment): PullRequestComment {
  return { ...common(comment), kind: 'conversation', path: null, line: null };
}

function lineCommentOf(comment: ReviewComment): PullRequestComment {
  return { ...common(comment), kind: 'line', path: comment.path, line: comment.line ?? null };
}

function common(comment: IssueComment | ReviewComment) {
  return {
    id: String(comment.id),
    author: comment.user?.login ?? 'ghost',
    body: comment.body.slice(0, MAX_TEXT_LENGTH),
    createdAt: comment.created_at,
    updatedAt: comment.updated_at,
    htmlUrl: comment.html_url,
  };
}
