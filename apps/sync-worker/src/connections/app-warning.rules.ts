import { neededEvents } from '@reunite/connections';
import type { VaultApp } from '@reunite/contracts';

/** Paths of webhook-ingest: of an app that was created here, and of apps that were created by hand. */
const webhookPaths = (connectionId: string) => [`/webhooks/github/${connectionId}`, '/api/webhooks/git/github_server'];

const SHARED_APP =
  'Another provider uses the same app. The server signs the webhooks of an app with one secret, so that only one provider is sure to receive them. Create an app of its own for each, or delete the provider that is not used.';

/**
 * Describes what keeps a valid app from announcing changes, for users. Content is then synced by the reconciliation
 * only.
 *
 * @returns null if the app subscribes to all events and sends them here
 */
export function appWarning(
  { events, webhookUrl }: VaultApp,
  { connectionId, isShared }: { readonly connectionId: string; readonly isShared: boolean },
): string | null {
  if (isShared) return SHARED_APP;
  const missing = neededEvents.filter((event) => !events.includes(event));
  const delay = 'Changes are noticed only by the periodic reconciliation.';
  if (missing.length > 0) {
    return `The app does not subscribe to ${missing.join(', ')}. ${delay} Subscribe to these events in the settings of the app.`;
  }
  if (webhookUrl === undefined) return null;
  const path = URL.canParse(webhookUrl) ? new URL(webhookUrl).pathname : '';
  if (webhookPaths(connectionId).some((own) => path.endsWith(own))) return null;
  const target = webhookUrl === '' ? 'has no webhook URL' : `sends its webhooks to ${webhookUrl}`;
  return `The app ${target}. ${delay} Set the webhook URL of this provider in the settings of the app.`;
}
