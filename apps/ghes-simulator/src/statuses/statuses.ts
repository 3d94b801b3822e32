import type { Ghes } from '../ghes.js';
import { simpleUser } from '../representations/account.js';
import { apiUrl, fullName } from '../representations/urls.js';
import { invalid } from '../rest/api.error.js';
import { accountById } from '../state/lookup.js';
import type { Account, CommitStatus, Repository, StatusState } from '../state/model.js';
import { nodeId } from '../state/node-id.js';

/** Statuses per commit and context, as on GitHub. */
const MOST_STATUSES = 1000;

export interface NewStatus {
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
}

/** Newest first. */
export function statusesOf(ghes: Ghes, repository: Repository, sha: string): CommitStatus[] {
  return ghes.store.state.statuses.filter((item) => item.repositoryId === repository.id && item.sha === sha).reverse();
}

/** The newest status of each context. */
export function latestStatuses(ghes: Ghes, repository: Repository, sha: string): CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of statusesOf(ghes, repository, sha)) {
    const key = contextKey(status.context);
    if (!latest.has(key)) latest.set(key, status);
  }
  return [...latest.values()];
}

/** Contexts are case-insensitive: https://docs.github.com/en/rest/commits/statuses#create-a-commit-status */
function contextKey(context: string): string {
  return context.toLowerCase();
}

export function combinedState(statuses: readonly CommitStatus[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
}

/** @throws ApiError 422 for characters beyond U+FFFF, and if the commit and context have 1,000 statuses */
export function createStatus(
  ghes: Ghes,
  repository: Repository,
  sha: string,
  creator: Account,
  wanted: NewStatus,
): CommitStatus {
  for (const field of ['context', 'description'] as const) {
    // Public reports of the answer: https://github.com/ouzi-dev/commit-status-updater/issues/526
    if (/[\u{10000}-\u{10ffff}]/u.test(wanted[field] ?? '')) {
      throw invalid([{ resource: 'Status', field, code: 'custom', message: `${field} doesn't accept 4-byte Unicode` }]);
    }
  }
  const earlier = statusesOf(ghes, repository, sha).filter(
    (item) => contextKey(item.context) === contextKey(wanted.context),
  );
  if (earlier.length >= MOST_STATUSES) {
    throw invalid(['This SHA and context has reached the maximum number of statuses.']);
  }
  const status: CommitStatus = {
    id: ghes.store.nextId('status'),
    repositoryId: repository.id,
    sha,
    creatorId: creator.id,
    createdAt: ghes.clock.timestamp(),
    ...wanted,
  };
  ghes.store.change((state) => state.statuses.push(status));
  return status;
}

export function simpleStatus(ghes: Ghes, repository: Repository, status: CommitStatus) {
  const creator = simpleUser(ghes, accountById(ghes.store, status.creatorId));
  return {
    url: apiUrl(ghes, `/repos/${fullName(ghes, repository)}/statuses/${status.sha}`),
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function statusJson(ghes: Ghes, repository: Repository, status: CommitStatus) {
  const creator = simpleUser(ghes, accountById(ghes.store, status.creatorId));
  return { ...simpleStatus(ghes, repository, status), creator };
}
