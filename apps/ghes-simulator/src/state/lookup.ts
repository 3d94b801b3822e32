import type { Account, App, Installation, PullRequest, Repository } from './model.js';
import type { Store } from './store.js';

/** Names are case-insensitive on GitHub. */
function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The state refers to ${what}, which does not exist.`);
  return value;
}

export function findAccount(store: Store, login: string): Account | undefined {
  return store.state.accounts.find((account) => sameName(account.login, login));
}

export function accountById(store: Store, id: number): Account {
  return required(
    store.state.accounts.find((account) => account.id === id),
    `account ${id}`,
  );
}

export function findRepository(store: Store, owner: string, name: string): Repository | undefined {
  const account = findAccount(store, owner);
  return store.state.repositories.find((item) => item.ownerId === account?.id && sameName(item.name, name));
}

/** Finds the repository that a former address leads to. */
export function findRedirect(store: Store, owner: string, name: string): { to: Repository; rest: boolean } | undefined {
  const redirect = store.state.redirects.find((item) => item.fullName === `${owner}/${name}`.toLowerCase());
  return redirect && { to: repositoryById(store, redirect.repositoryId), rest: redirect.rest };
}

export function repositoryById(store: Store, id: number): Repository {
  return required(
    store.state.repositories.find((item) => item.id === id),
    `repository ${id}`,
  );
}

export function findApp(store: Store, slug: string): App | undefined {
  return store.state.apps.find((app) => app.slug === slug);
}

export function appById(store: Store, id: number): App {
  return required(
    store.state.apps.find((app) => app.id === id),
    `app ${id}`,
  );
}

export function findInstallation(store: Store, id: number): Installation | undefined {
  return store.state.installations.find((installation) => installation.id === id);
}

/** Repositories that an installation currently covers. */
export function installedRepositories(store: Store, installation: Installation): Repository[] {
  return store.state.repositories.filter(
    (repository) =>
      repository.ownerId === installation.accountId &&
      (installation.repositorySelection === 'all' || installation.repositoryIds.includes(repository.id)),
  );
}

export function findPullRequest(store: Store, repository: Repository, number: number): PullRequest | undefined {
  return store.state.pullRequests.find((pull) => pull.repositoryId === repository.id && pull.number === number);
}

export function organizationRole(store: Store, organizationId: number, userId: number): 'admin' | 'member' | undefined {
  return store.state.memberships.find((item) => item.organizationId === organizationId && item.userId === userId)?.role;
}

/** True for owners of an organization and for users on their own account. */
export function administers(store: Store, account: Account, user: Account): boolean {
  return account.id === user.id || organizationRole(store, account.id, user.id) === 'admin';
}

/** Id of the repository with the head branch: a fork, or the pull request's own. */
export function headRepositoryOf(pull: PullRequest): number {
  return pull.headRepositoryId ?? pull.repositoryId;
}
