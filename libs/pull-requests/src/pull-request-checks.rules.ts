import type { PullRequestCheck, PullRequestReview } from '@reunite/contracts';
import type { CheckRun, CommitStatus, PullRequestReview as GivenReview } from '@reunite/ghes-client';

const conclusions: Readonly<Record<string, PullRequestCheck['state']>> = {
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
  const state = status === 'completed' ? (conclusions[conclusion ?? ''] ?? 'failure') : 'pending';
  return { name, state, description: app?.name ?? null, url };
}

const reviewStates: Readonly<Record<string, PullRequestReview['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
};

export function reviewOf({ user, state, body, commit_id: commit, submitted_at: at }: GivenReview): PullRequestReview {
  const author = user?.login ?? 'ghost';
  return { author, state: reviewStates[state] ?? 'commented', body, commit, submittedAt: at ?? null };
}

/** Each reviewer's last word; a comment takes nothing back. */
export function lastWords(
  reviews: readonly PullRequestReview[],
): Record<'approvedBy' | 'changesRequestedBy', string[]> {
  const words = new Map<string, PullRequestReview['state']>();
  for (const { author, state } of reviews) {
    if (state !== 'commented' && state !== 'pending') words.set(author, state);
  }
  const whose = (wanted: PullRequestReview['state']) =>
    [...words].flatMap(([author, state]) => (state === wanted ? [author] : []));
  return { approvedBy: whose('approved'), changesRequestedBy: whose('changes-requested') };
}
