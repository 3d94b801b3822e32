import type { Ghes } from '../ghes.js';
import { accountById, repositoryById } from '../state/lookup.js';
import type { PullRequest, Review, ReviewComment } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { simpleUser } from './account.js';
import { apiUrl, fullName, htmlUrl } from './urls.js';

export function reviewJson(ghes: Ghes, pull: PullRequest, review: Review) {
  const name = fullName(ghes, repositoryById(ghes.store, pull.repositoryId));
  const page = htmlUrl(ghes, `/${name}/pull/${pull.number}#pullrequestreview-${review.id}`);
  const pullUrl = apiUrl(ghes, `/repos/${name}/pulls/${pull.number}`);
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: simpleUser(ghes, accountById(ghes.store, review.userId)),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: 'MEMBER',
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
  };
}

export function reviewCommentJson(ghes: Ghes, pull: PullRequest, comment: ReviewComment) {
  const name = fullName(ghes, repositoryById(ghes.store, pull.repositoryId));
  const page = htmlUrl(ghes, `/${name}/pull/${pull.number}#discussion_r${comment.id}`);
  const url = apiUrl(ghes, `/repos/${name}/pulls/comments/${comment.id}`);
  const pullUrl = apiUrl(ghes, `/repos/${name}/pulls/${pull.number}`);
  return {
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    url,
    html_url: page,
    pull_request_url: pullUrl,
    pull_request_review_id: comment.reviewId,
    user: simpleUser(ghes, accountById(ghes.store, comment.userId)),
    author_association: 'MEMBER',
    body: comment.body,
    path: comment.path,
    line: comment.line,
    side: 'RIGHT',
    diff_hunk: '',
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
  };
}
