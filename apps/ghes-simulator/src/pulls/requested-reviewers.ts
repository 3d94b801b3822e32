import type { Ghes } from '../ghes.js';
import { simpleUser } from '../representations/account.js';
import { ApiError } from '../rest/api.error.js';
import { findAccount, organizationRole, repositoryById } from '../state/lookup.js';
import type { Account, PullRequest } from '../state/model.js';
import { sendPullRequest } from './pull-request-events.js';

const AUTHOR = 'Review cannot be requested from pull request author.';
const STRANGER =
  'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.';

/** @throws ApiError 422 if a reviewer is the author or cannot write, and for every team: there are none */
export async function requestReviewers(
  ghes: Ghes,
  pull: PullRequest,
  sender: Account,
  logins: readonly string[],
  teams: readonly string[],
): Promise<void> {
  const reviewers = logins.map((login) => collaborator(ghes, pull, login));
  if (teams.length > 0) throw new ApiError(422, STRANGER);
  for (const reviewer of reviewers) {
    const requested = pull.requestedReviewerIds ?? [];
    if (requested.includes(reviewer.id)) continue;
    ghes.store.change(() => (pull.requestedReviewerIds = [...requested, reviewer.id]));
    await sendPullRequest(ghes, pull, 'review_requested', sender, { requested_reviewer: simpleUser(ghes, reviewer) });
  }
}

export async function removeReviewers(
  ghes: Ghes,
  pull: PullRequest,
  sender: Account,
  logins: readonly string[],
): Promise<void> {
  for (const login of logins) {
    const reviewer = findAccount(ghes.store, login);
    const requested = pull.requestedReviewerIds ?? [];
    if (!reviewer || !requested.includes(reviewer.id)) continue;
    ghes.store.change(() => (pull.requestedReviewerIds = requested.filter((id) => id !== reviewer.id)));
    const removed = { requested_reviewer: simpleUser(ghes, reviewer) };
    await sendPullRequest(ghes, pull, 'review_request_removed', sender, removed);
  }
}

function collaborator(ghes: Ghes, pull: PullRequest, login: string): Account {
  const { ownerId } = repositoryById(ghes.store, pull.repositoryId);
  const user = findAccount(ghes.store, login);
  const mayWrite = user && (user.id === ownerId || organizationRole(ghes.store, ownerId, user.id) !== undefined);
  if (!user || !mayWrite) throw new ApiError(422, STRANGER);
  if (user.id === pull.userId) throw new ApiError(422, AUTHOR);
  return user;
}
