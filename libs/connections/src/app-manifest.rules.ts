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
 * What an app that was made by hand must be granted at least to be taken: what Reunite documents for its apps. Where it
 * was granted less than {@link neededPermissions}, what needs more says so; `emails` is left out since servers answer it
 * by another name.
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
  /** Public origin of the API, where the browser returns to. */
  readonly apiUrl: string;
  /** Public origin of webhook-ingest, as seen from the server. */
  readonly webhookUrl: string;
  /** Homepage that the app's page on the server links to. */
  readonly homepageUrl: string;
}

/** Longest name of a GitHub App. */
const NAME_LIMIT = 34;

/**
 * The manifest that the server shows for confirmation
 * (https://docs.github.com/enterprise-server/apps/sharing-github-apps/registering-a-github-app-from-a-manifest).
 * `secret` in `hook_attributes` is refused by servers; the vault sets it afterwards where the server made none.
 */
export function appManifest(connectionId: string, name: string, addresses: ManifestAddresses) {
  return {
    name: appName(connectionId, name),
    url: addresses.homepageUrl,
    hook_attributes: { url: `${addresses.webhookUrl}/webhooks/github/${connectionId}`, active: true },
    redirect_url: `${addresses.apiUrl}/callback/manifest`,
    callback_urls: [`${signInCallbackUrl(addresses.apiUrl)}/${connectionId}`],
    setup_url: `${addresses.apiUrl}/callback/installed?connection=${connectionId}`,
    setup_on_update: true,
    public: false,
    default_permissions: neededPermissions,
    default_events: neededEvents,
  };
}

/**
 * The callback URL of sign-ins on servers. New apps list it with `/<connection>` appended, so that a server cannot answer
 * for another one; apps that were created by hand list it as it is.
 */
export function signInCallbackUrl(apiUrl: string): string {
  return `${apiUrl}/callback/oauth2`;
}

/** What the settings of an app that was made by hand must say; its deliveries are told apart by app and signature. */
export function existingAppSettings({ apiUrl, webhookUrl }: Pick<ManifestAddresses, 'apiUrl' | 'webhookUrl'>) {
  return {
    callbackUrl: signInCallbackUrl(apiUrl),
    webhookUrl: `${webhookUrl}/api/webhooks/git/github_server`,
    permissions: { ...neededPermissions },
    events: [...neededEvents],
  };
}

/** App names are unique on a server: the end of the connection's id keeps two providers of one name apart. */
function appName(connectionId: string, name: string): string {
  const suffix = ` ${connectionId.slice(-6)}`;
  const plain = `Reunite ${name}`.replace(/[^\p{L}\p{N} ._-]/gu, '').trim();
  return `${plain.slice(0, NAME_LIMIT - suffix.length).trim()}${suffix}`;
}
