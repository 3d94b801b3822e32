import type { Ghes } from '../ghes.js';
import { pullRequestJson } from '../representations/pull-request.js';
import { repositoryById } from '../state/lookup.js';
import type { Account, PullRequest } from '../state/model.js';
import { sendRepositoryEvent } from '../webhooks/repository-events.js';

export type PullRequestAction =
  | 'opened'
  | 'edited'
  | 'closed'
  | 'reopened'
  | 'synchronize'
  | 'ready_for_review'
  | 'converted_to_draft'
  | 'review_requested'
  | 'review_request_removed';

export async function sendPullRequest(
  ghes: Ghes,
  pull: PullRequest,
  action: PullRequestAction,
  sender: Account,
  rest: Record<string, unknown> = {},
): Promise<void> {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const payload = { number: pull.number, pull_request: await pullRequestJson(ghes, pull), ...rest };
  sendRepositoryEvent(ghes, { event: 'pull_request', action, repository, sender, payload });
}
