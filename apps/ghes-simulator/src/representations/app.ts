import type { AppCredentials } from '../apps/app-credentials.js';
import type { Ghes } from '../ghes.js';
import { accountById, appById } from '../state/lookup.js';
import type { App, HookConfig, Installation, InstallationRequest } from '../state/model.js';
import { nodeId } from '../state/node-id.js';
import { ownerJson, simpleUser } from './account.js';
import { apiUrl, appPage, htmlUrl, settingsPath } from './urls.js';

export function appJson(ghes: Ghes, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('Integration', app.id),
    owner: ownerJson(ghes, accountById(ghes.store, app.ownerId)),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: appPage(ghes, app),
    created_at: app.createdAt,
    updated_at: app.updatedAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** The answer of a manifest conversion: the app with its secrets. */
export function conversionJson(ghes: Ghes, { app, clientSecret, webhookSecret, pem }: AppCredentials) {
  return { ...appJson(ghes, app), client_secret: clientSecret, webhook_secret: webhookSecret, pem };
}

export function installationJson(ghes: Ghes, installation: Installation) {
  const account = accountById(ghes.store, installation.accountId);
  const app = appById(ghes.store, installation.appId);
  const suspendedBy = installation.suspendedById;
  return {
    id: installation.id,
    client_id: app.clientId,
    account: ownerJson(ghes, account),
    repository_selection: installation.repositorySelection,
    access_tokens_url: apiUrl(ghes, `/app/installations/${installation.id}/access_tokens`),
    repositories_url: apiUrl(ghes, '/installation/repositories'),
    html_url: htmlUrl(ghes, `${settingsPath(account)}/installations/${installation.id}`),
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspendedBy === null ? null : simpleUser(ghes, accountById(ghes.store, suspendedBy)),
    suspended_at: installation.suspendedAt,
  };
}

export function installationRequestJson(ghes: Ghes, request: InstallationRequest) {
  return {
    id: request.id,
    node_id: nodeId('IntegrationInstallationRequest', request.id),
    account: ownerJson(ghes, accountById(ghes.store, request.accountId)),
    requester: simpleUser(ghes, accountById(ghes.store, request.userId)),
    created_at: request.createdAt,
  };
}

/** Masks the secret. */
export function hookConfigJson(hook: HookConfig) {
  return {
    content_type: hook.contentType,
    insecure_ssl: hook.insecureSsl,
    url: hook.url,
    ...(hook.secret === null ? {} : { secret: '********' }),
  };
}
