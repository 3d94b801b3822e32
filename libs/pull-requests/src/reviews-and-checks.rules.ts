import type { PullRequestCheck, PullRequestReview } from '@reunite/contracts';
import type { CheckRun, CommitStatus, PullRequestReview as ServerReview } from '@reunite/ghes-client';

const STATE_BY_CONCLUSION: Readonly<Record<string, PullRequestCheck['state']>> = {
  success: 'success',
  neutral: 'neutral',
  skipped: 'neutral',
  stale: 'neutral',
  cancelled: 'error',
};

export function checkOfStatus({ context, state, description, target_url: url }: CommitStatus): PullRequestCheck {
  return { name: context, state, description, url };
}

export function checkOfRun({ name, status, conclusion, html_url: url, app }: CheckRun): PullRequestCheck {
  const state = status === 'completed' ? (STATE_BY_CONCLUSION[conclusion ?? ''] ?? 'failure') : 'pending';
  return { name, state, description: app?.name ?? null, url };
}

const REVIEW_STATES: Readonly<Record<string, PullRequestReview['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
};

export function reviewOf({ user, state, body, commit_id: commit, submitted_at: at }: ServerReview): PullRequestReview {
  const author = user?.login ?? 'ghost';
  return { author, state: REVIEW_STATES[state] ?? 'commented', body, commit, submittedAt: at ?? null };
}

/** Returns the reviewers by their latest review. Comments do not replace an earlier review. */
export function latestReviews(
  reviews: readonly PullRequestReview[],
): Record<'approvedBy' | 'changesRequestedBy', string[]> {
  const latest = new Map<string, PullRequestReview['state']>();
  for (const { author, state } of reviews) {
    if (state !== 'commented' && state !== 'pending') latest.set(author, state);
  }
  const authorsOf = (wanted: PullRequestReview['state']) =>
    [...latest].flatMap(([author, state]) => (state === wanted ? [author] : []));
  return { approvedBy: authorsOf('approved'), changesRequestedBy: authorsOf('changes-requested') };
}
