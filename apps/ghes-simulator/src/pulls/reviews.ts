import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import type { Account, PullRequest, Review } from '../state/model.js';

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export interface NewReview {
  readonly event: ReviewEvent;
  readonly body: string;
  readonly commitId?: string | undefined;
}

/** Oldest first. */
export function reviewsOf(ghes: Ghes, pull: PullRequest): Review[] {
  return ghes.store.state.reviews.filter((review) => review.pullRequestId === pull.id);
}

/** @throws ApiError 422 if authors approve or reject their own pull request, or a comment is empty */
export function createReview(ghes: Ghes, pull: PullRequest, user: Account, wanted: NewReview): Review {
  const { event, body } = wanted;
  if (event !== 'COMMENT' && user.id === pull.userId) {
    const what = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw new ApiError(422, 'Unprocessable Entity', [`Can not ${what} your own pull request`]);
  }
  if (event !== 'APPROVE' && body === '') throw new ApiError(422, 'Unprocessable Entity', ['Body cannot be blank']);
  const review: Review = {
    id: ghes.store.nextId('review'),
    pullRequestId: pull.id,
    userId: user.id,
    state: STATES[event],
    body,
    commitId: wanted.commitId ?? pull.headSha,
    submittedAt: ghes.clock.timestamp(),
  };
  ghes.store.change((state) => state.reviews.push(review));
  return review;
}

/** Users whose latest review other than a comment approves. */
export function approvals(ghes: Ghes, pull: PullRequest): number {
  const last = new Map<number, Review['state']>();
  for (const { userId, state } of reviewsOf(ghes, pull)) if (state !== 'COMMENTED') last.set(userId, state);
  return [...last.values()].filter((state) => state === 'APPROVED').length;
}
