import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import type { Account, PullRequest, Review, ReviewComment } from '../state/model.js';

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export interface NewReview {
  readonly event: ReviewEvent;
  readonly body: string;
  readonly commitId?: string | undefined;
  /** Comments on lines of the diff. */
  readonly comments?: readonly Pick<ReviewComment, 'path' | 'line' | 'body'>[] | undefined;
}

/** Oldest first. */
export function reviewsOf(ghes: Ghes, pull: PullRequest): Review[] {
  return ghes.store.state.reviews.filter((review) => review.pullRequestId === pull.id);
}

/** Oldest first. */
export function reviewCommentsOf(ghes: Ghes, pull: PullRequest): ReviewComment[] {
  return ghes.store.state.reviewComments.filter((comment) => comment.pullRequestId === pull.id);
}

/** @throws ApiError 422 if authors approve or reject their own pull request, or a comment is empty */
export function createReview(ghes: Ghes, pull: PullRequest, user: Account, wanted: NewReview): Review {
  const { event, body } = wanted;
  if (event !== 'COMMENT' && user.id === pull.userId) {
    const what = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new ApiError(422, 'Unprocessable Entity', [`Can not ${what} your own pull request`]);
  }
  if (event !== 'APPROVE' && body === '' && !wanted.comments?.length)
    throw new ApiError(422, 'Unprocessable Entity', ['Body cannot be blank']);
  const review: Review = {
    id: ghes.store.nextId('review'),
    pullRequestId: pull.id,
    userId: user.id,
    state: STATES[event],
    body,
    commitId: wanted.commitId ?? pull.headSha,
    submittedAt: ghes.clock.timestamp(),
  };
  const comments = (wanted.comments ?? []).map((comment): ReviewComment => ({
    ...comment,
    id: ghes.store.nextId('review_comment'),
    pullRequestId: pull.id,
    reviewId: review.id,
    userId: user.id,
    commitId: review.commitId,
    createdAt: review.submittedAt,
  }));
  ghes.store.change((state) => {
    state.reviews.push(review);
    state.reviewComments.push(...comments);
    // A review fulfils its request.
    pull.requestedReviewerIds = (pull.requestedReviewerIds ?? []).filter((id) => id !== user.id);
  });
  return review;
}

/** Users whose latest review other than a comment approves. */
export function approvals(ghes: Ghes, pull: PullRequest): number {
  const last = new Map<number, Review['state']>();
  for (const { userId, state } of reviewsOf(ghes, pull)) if (state !== 'COMMENTED') last.set(userId, state);
  return [...last.values()].filter((state) => state === 'APPROVED').length;
}
