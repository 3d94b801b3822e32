/** Permissions that the app needs. Users see them beside the granted ones. */
export const neededPermissions = {
  administration: 'read',
  checks: 'read',
  contents: 'write',
  emails: 'read',
  members: 'read',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'write',
} as const satisfies Record<string, 'read' | 'write'>;

/**
 * Permissions that new apps request: also `checks: write`, so that findings are shown as check runs. Without it, only
 * commit statuses are written.
 */
const requestedPermissions = { ...neededPermissions, checks: 'write' } as const;

/**
 * Minimum permissions of an app that was created by hand, as Reunite documents them. With fewer than
 * {@link neededPermissions} the app is accepted, and an operation that needs more fails with a message that names the
 * permission. Without `emails`, because servers report it under another name.
 */
export const requiredPermissions = {
  administration: 'read',
  checks: 'read',
  contents: 'write',
  members: 'read',
  metadata: 'read',
  pull_requests: 'read',
  statuses: 'write',
} as const satisfies Record<string, 'read' | 'write'>;

/** Without `installation*` events: servers always send them, and reject a manifest that lists them. */
export const neededEvents = ['create', 'delete', 'pull_request', 'push'] as const;

export interface ManifestAddresses {
  /** Public origin of the API, to which the browser returns. */
  readonly apiUrl: string;
  /** Public origin of webhook-ingest, as seen from the server. */
  readonly webhookUrl: string;
  /** Homepage that the app's page on the server links to. */
  readonly homepageUrl: string;
}

/** Path of webhook-ingest for one connection, and the one that apps created by hand share. */
const WEBHOOK_PATH = '/webhooks/github/';
const SHARED_WEBHOOK_PATH = '/api/webhooks/git/github_server';

/**
 * The webhook URLs that reach a connection; the first one is the connection's own.
 *
 * @param webhookUrl public origin of webhook-ingest; empty to get the paths
 */
export function webhookUrls(webhookUrl: string, connectionId: string): readonly [string, string] {
  return [`${webhookUrl}${WEBHOOK_PATH}${connectionId}`, `${webhookUrl}${SHARED_WEBHOOK_PATH}`];
}

/** Longest name of a GitHub App. */
const NAME_LIMIT = 34;

/**
 * Returns the manifest that the server shows for confirmation. It has no webhook secret, because servers reject
 * `secret` in `hook_attributes`: the vault sets one afterwards if the server generated none.
 *
 * @see https://docs.github.com/enterprise-server/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export function appManifest(connectionId: string, name: string, addresses: ManifestAddresses) {
  return {
    name: appName(connectionId, name),
    url: addresses.homepageUrl,
    hook_attributes: { url: webhookUrls(addresses.webhookUrl, connectionId)[0], active: true },
    redirect_url: `${addresses.apiUrl}/callback/manifest`,
    callback_urls: [connectionCallbackUrl(addresses.apiUrl, connectionId)],
    setup_url: `${addresses.apiUrl}/callback/installed?connection=${connectionId}`,
    setup_on_update: true,
    public: false,
    default_permissions: requestedPermissions,
    default_events: neededEvents,
  };
}

/**
 * The callback URL of sign-ins on servers, as apps that were created by hand may list it. Prefer
 * {@link connectionCallbackUrl}, with which a server cannot answer for another one.
 */
export function signInCallbackUrl(apiUrl: string): string {
  return `${apiUrl}/callback/oauth2`;
}

/** The callback URL of sign-ins on the server of one connection. */
export function connectionCallbackUrl(apiUrl: string, connectionId: string): string {
  return `${signInCallbackUrl(apiUrl)}/${connectionId}`;
}

/**
 * Returns the settings that an app that is created by hand needs. All such apps share one webhook URL: a delivery is
 * assigned to its connection by app id and signature.
 */
export function existingAppSettings({ apiUrl, webhookUrl }: Pick<ManifestAddresses, 'apiUrl' | 'webhookUrl'>) {
  return {
    callbackUrl: signInCallbackUrl(apiUrl),
    webhookUrl: `${webhookUrl}${SHARED_WEBHOOK_PATH}`,
    permissions: requestedPermissions,
    events: [...neededEvents],
  };
}

/** Appends the end of the connection's id, because app names are unique on a server and provider names are not. */
function appName(connectionId: string, name: string): string {
  const suffix = ` ${connectionId.slice(-6)}`;
  const plain = `Reunite ${name}`.replace(/[^\p{L}\p{N} ._-]/gu, '').trim();
  return `${plain.slice(0, NAME_LIMIT - suffix.length).trim()}${suffix}`;
}
