import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';
import { actingUser } from '../rest/pulls.js';
import type { IssueComment, PullRequest, Repository } from '../state/model.js';

/** Oldest first. */
export function commentsOf(ghes: Ghes, pull: PullRequest): IssueComment[] {
  return ghes.store.state.issueComments.filter((comment) => comment.pullRequestId === pull.id);
}

/** The comment and its pull request, if both are in this repository. */
export function findComment(
  ghes: Ghes,
  repository: Repository,
  id: number,
): { readonly comment: IssueComment; readonly pull: PullRequest } | undefined {
  const comment = ghes.store.state.issueComments.find((item) => item.id === id);
  const pull = ghes.store.state.pullRequests.find((item) => item.id === comment?.pullRequestId);
  return comment && pull?.repositoryId === repository.id ? { comment, pull } : undefined;
}

export function createComment(ghes: Ghes, pull: PullRequest, actor: Actor, body: string): IssueComment {
  const app = actor.kind === 'installation' || actor.kind === 'user' ? actor.app : undefined;
  const now = ghes.clock.timestamp();
  const comment: IssueComment = {
    id: ghes.store.nextId('issue_comment'),
    pullRequestId: pull.id,
    userId: actingUser(actor).id,
    appId: app?.id ?? null,
    body,
    createdAt: now,
    updatedAt: now,
  };
  ghes.store.change((state) => state.issueComments.push(comment));
  return comment;
}

export function editComment(ghes: Ghes, comment: IssueComment, body: string): void {
  ghes.store.change(() => Object.assign(comment, { body, updatedAt: ghes.clock.timestamp() }));
}

export function deleteComment(ghes: Ghes, comment: IssueComment): void {
  ghes.store.change((state) => {
    state.issueComments = state.issueComments.filter((item) => item !== comment);
  });
}
