import type { Ghes } from '../ghes.js';
import { simpleUser } from '../representations/account.js';
import { installationJson } from '../representations/app.js';
import { shortRepository } from '../representations/repository.js';
import { apiUrl } from '../representations/urls.js';
import { accountById, appById, installedRepositories } from '../state/lookup.js';
import type { Account, App, Installation, Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';

/** Events about an app's installations. Apps receive them without a subscription, also while suspended. */

export function sendPing(ghes: Ghes, app: App, sender: Account): void {
  const payload = {
    zen: 'Anything added dilutes everything else.',
    hook_id: app.hookId,
    hook: {
      type: 'App',
      id: app.hookId,
      name: 'web',
      active: app.hookActive,
      events: app.events,
      config: { content_type: app.hook.contentType, insecure_ssl: app.hook.insecureSsl, url: app.hook.url },
      updated_at: app.updatedAt,
      created_at: app.createdAt,
      app_id: app.id,
      deliveries_url: apiUrl(ghes, '/app/hook/deliveries'),
    },
    sender: simpleUser(ghes, sender),
  };
  const body = JSON.stringify(payload);
  ghes.deliverer.send({ app, event: 'ping', action: null, body, installationId: null, repositoryId: null });
}

export type InstallationAction = 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';

export function sendInstallation(
  ghes: Ghes,
  installation: Installation,
  action: InstallationAction,
  sender: Account,
): void {
  send(ghes, installation, 'installation', action, sender, {
    repositories: installedRepositories(ghes.store, installation).map((item) => shortRepository(ghes, item)),
    requester: null,
  });
}

export function sendInstallationRepositories(
  ghes: Ghes,
  installation: Installation,
  changed: { added: readonly Repository[]; removed: readonly Repository[] },
  sender: Account,
): void {
  const action = changed.added.length > 0 ? 'added' : 'removed';
  send(ghes, installation, 'installation_repositories', action, sender, {
    repository_selection: installation.repositorySelection,
    repositories_added: changed.added.map((repository) => shortRepository(ghes, repository)),
    repositories_removed: changed.removed.map((repository) => shortRepository(ghes, repository)),
    requester: null,
  });
}

/** Reports that the account of an installation was renamed. Comes without a subscription. */
export function sendInstallationTarget(ghes: Ghes, installation: Installation, former: string, sender: Account): void {
  const account = accountById(ghes.store, installation.accountId);
  const app = appById(ghes.store, installation.appId);
  const payload = {
    action: 'renamed',
    account: simpleUser(ghes, account),
    changes: { login: { from: former } },
    target_type: account.type,
    installation: { id: installation.id, node_id: nodeId('IntegrationInstallation', installation.id) },
    sender: simpleUser(ghes, sender),
  };
  const ids = { installationId: installation.id, repositoryId: null };
  ghes.deliverer.send({ app, event: 'installation_target', action: 'renamed', body: JSON.stringify(payload), ...ids });
}

function send(
  ghes: Ghes,
  installation: Installation,
  event: string,
  action: string,
  sender: Account,
  rest: Record<string, unknown>,
): void {
  const payload = {
    action,
    installation: installationJson(ghes, installation),
    ...rest,
    sender: simpleUser(ghes, sender),
  };
  const app = appById(ghes.store, installation.appId);
  const body = JSON.stringify(payload);
  ghes.deliverer.send({ app, event, action, body, installationId: installation.id, repositoryId: null });
}
