import type { Ghes } from '../ghes.js';
import { accountById, appById, installedRepositories } from '../state/lookup.js';
import type { Account, App, Installation, InstallationRequest, Repository } from '../state/model.js';
import { sendInstallation, sendInstallationRepositories } from '../webhooks/app-events.js';

/** All repositories of the account, including future ones, or the listed ones. */
export type RepositoryChoice = 'all' | readonly Repository[];

export function installationOf(ghes: Ghes, app: App, account: Account): Installation | undefined {
  return ghes.store.state.installations.find((item) => item.appId === app.id && item.accountId === account.id);
}

export function install(
  ghes: Ghes,
  app: App,
  account: Account,
  choice: RepositoryChoice,
  sender: Account,
): Installation {
  const { store, clock } = ghes;
  const now = clock.timestamp();
  const installation: Installation = {
    id: store.nextId('installation'),
    appId: app.id,
    accountId: account.id,
    repositorySelection: choice === 'all' ? 'all' : 'selected',
    repositoryIds: choice === 'all' ? [] : choice.map((repository) => repository.id),
    permissions: permissionsOn(account, app),
    events: [...app.events],
    createdAt: now,
    updatedAt: now,
    suspendedAt: null,
    suspendedById: null,
  };
  store.change((state) => {
    state.installations.push(installation);
    state.installationRequests = state.installationRequests.filter(
      (item) => item.appId !== app.id || item.accountId !== account.id,
    );
  });
  sendInstallation(ghes, installation, 'created', sender);
  return installation;
}

/**
 * Permissions that an account grants. An enterprise grants its own only: its organizations install the app themselves.
 * https://docs.github.com/enterprise-server@latest/apps/using-github-apps/installing-a-github-app-on-your-enterprise
 */
function permissionsOn({ type }: Account, { permissions }: App): App['permissions'] {
  if (type !== 'Enterprise') return { ...permissions };
  return Object.fromEntries(Object.entries(permissions).filter(([name]) => name.startsWith('enterprise_')));
}

/** Asks the owners of an organization to install the app. They do so by installing it. */
export function requestInstallation(ghes: Ghes, app: App, account: Account, user: Account): InstallationRequest {
  const { store, clock } = ghes;
  const ids = { appId: app.id, accountId: account.id, userId: user.id };
  const request = { id: store.nextId('installation_request'), ...ids, createdAt: clock.timestamp() };
  store.change((state) => state.installationRequests.push(request));
  return request;
}

export function chooseRepositories(
  ghes: Ghes,
  installation: Installation,
  choice: RepositoryChoice,
  sender: Account,
): void {
  const before = installedRepositories(ghes.store, installation);
  ghes.store.change(() => {
    installation.repositorySelection = choice === 'all' ? 'all' : 'selected';
    installation.repositoryIds = choice === 'all' ? [] : choice.map((repository) => repository.id);
    installation.updatedAt = ghes.clock.timestamp();
  });
  const after = installedRepositories(ghes.store, installation);
  const added = after.filter((repository) => !before.includes(repository));
  const removed = before.filter((repository) => !after.includes(repository));
  if (added.length > 0) sendInstallationRepositories(ghes, installation, { added, removed: [] }, sender);
  if (removed.length > 0) sendInstallationRepositories(ghes, installation, { added: [], removed }, sender);
}

export function uninstall(ghes: Ghes, installation: Installation, sender: Account): void {
  sendInstallation(ghes, installation, 'deleted', sender);
  ghes.store.change((state) => {
    state.installations = state.installations.filter((item) => item !== installation);
    state.installationTokens = state.installationTokens.filter((item) => item.installationId !== installation.id);
  });
}

export function suspend(ghes: Ghes, installation: Installation, sender: Account): void {
  ghes.store.change(() => {
    installation.suspendedAt = ghes.clock.timestamp();
    installation.suspendedById = sender.id;
  });
  sendInstallation(ghes, installation, 'suspend', sender);
}

export function unsuspend(ghes: Ghes, installation: Installation, sender: Account): void {
  ghes.store.change(() => {
    installation.suspendedAt = null;
    installation.suspendedById = null;
  });
  sendInstallation(ghes, installation, 'unsuspend', sender);
}

/** The owner accepts the permissions that the app currently requests. */
export function acceptPermissions(ghes: Ghes, installation: Installation, sender: Account): void {
  const app = appById(ghes.store, installation.appId);
  ghes.store.change(() => {
    installation.permissions = permissionsOn(accountById(ghes.store, installation.accountId), app);
    installation.events = [...app.events];
    installation.updatedAt = ghes.clock.timestamp();
  });
  sendInstallation(ghes, installation, 'new_permissions_accepted', sender);
}
