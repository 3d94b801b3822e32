import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import type { Account, PullRequest, Review } from '../state/model.js';

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

const states = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export interface NewReview {
  readonly event: ReviewEvent;
  readonly body: string;
  readonly commitId?: string | undefined;
}

/** Oldest first. */
export function reviewsOf(ghes: Ghes, pull: PullRequest): Review[] {
  return ghes.store.state.reviews.filter((review) => review.pullRequestId === pull.id);
}

/** @throws ApiError 422 when authors judge their own request, or say nothing. */
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
    state: states[event],
    body,
    commitId: wanted.commitId ?? pull.headSha,
    submittedAt: ghes.clock.timestamp(),
  };
  ghes.store.change((state) => state.reviews.push(review));
  return review;
}

/** Who approves now: each person's last word that judges counts. */
export function approvals(ghes: Ghes, pull: PullRequest): number {
  const last = new Map<number, Review['state']>();
  for (const { userId, state } of reviewsOf(ghes, pull)) if (state !== 'COMMENTED') last.set(userId, state);
  return [...last.values()].filter((state) => state === 'APPROVED').length;
}
