import type { IncomingHttpHeaders } from 'node:http';

/** The connection a URL identifies: by id, or by app id, which is unique per server only. */
export type WebhookRoute =
  { readonly kind: 'connection'; readonly connectionId: string } | { readonly kind: 'app'; readonly appId: string };

const CONNECTION_PATH = /^\/webhooks\/github\/([^/]+)\/?$/;
/** URLs of older apps, which all connections share. */
const APP_PATHS = new Set(['/api/webhooks/git/github_server', '/webhooks/git/github_server']);
const APP_ID = /^[1-9]\d{0,17}$/;

/** True for a webhook URL. Nest serves all others. */
export function isWebhookUrl(url: string): boolean {
  const path = pathOf(url);
  return CONNECTION_PATH.test(path) || APP_PATHS.has(path);
}

/**
 * Parses a webhook URL and, for URLs of apps, the app id header. Returns null if that header is missing or malformed.
 */
export function webhookRoute(url: string, headers: IncomingHttpHeaders): WebhookRoute | null {
  const connectionId = CONNECTION_PATH.exec(pathOf(url))?.[1];
  if (connectionId !== undefined) return { kind: 'connection', connectionId };
  const appId = headers['x-github-hook-installation-target-id'];
  return typeof appId === 'string' && APP_ID.test(appId) ? { kind: 'app', appId } : null;
}

/** Identifies the connection or app of a route in the body budget. */
export function targetOf(route: WebhookRoute): { readonly target: string; readonly isGuessable: boolean } {
  if (route.kind === 'app') return { target: `app ${route.appId}`, isGuessable: true };
  return { target: route.connectionId, isGuessable: false };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
