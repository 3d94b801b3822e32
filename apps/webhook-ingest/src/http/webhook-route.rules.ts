import type { IncomingHttpHeaders } from 'node:http';

/** What an address says of the connection: its id, or only the id of its app, which servers give anew each. */
export type WebhookRoute =
  { readonly kind: 'connection'; readonly connectionId: string } | { readonly kind: 'app'; readonly appId: string };

const connectionPath = /^\/webhooks\/github\/([^/]+)\/?$/;
/** Addresses of apps that were set up before connections had addresses of their own. */
const appPaths = new Set(['/api/webhooks/git/github_server', '/webhooks/git/github_server']);

/** Whether a request's URL is one of a webhook; all others are Nest's. */
export function isWebhookUrl(url: string): boolean {
  const path = pathOf(url);
  return connectionPath.test(path) || appPaths.has(path);
}

/** Where a webhook's URL leads; null where the header that it takes is missing or no app id. */
export function webhookRoute(url: string, headers: IncomingHttpHeaders): WebhookRoute | null {
  const connectionId = connectionPath.exec(pathOf(url))?.[1];
  if (connectionId !== undefined) return { kind: 'connection', connectionId };
  const appId = headers['x-github-hook-installation-target-id'];
  return typeof appId === 'string' && /^[1-9]\d{0,17}$/.test(appId) ? { kind: 'app', appId } : null;
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
