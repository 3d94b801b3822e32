import {
  eventsProbe,
  installationsProbe,
  permissionsProbe,
  probe,
  webhookContentProbe,
  webhookDeliveriesProbe,
  webhookPingProbe,
  webhookUrlProbe,
  webhookUrls,
} from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import type { Probe, ProbeName } from '@reunite/contracts';
import type { Vault } from '../vault.js';
import { messageOf, remedyOf } from './server-probes.js';

type AppVault = Pick<Vault, 'getApp' | 'listInstallations' | 'getWebhook' | 'pingWebhook'>;

/** Probes of the app and its webhook, which the vault reads as the app. */
export async function appProbes(
  vault: AppVault,
  { id: connectionId, organizationId }: ConnectionEntity,
  webhookUrl: string,
): Promise<Probe[]> {
  const request = { organizationId, connectionId };
  const probes = await Promise.all([
    probesOf('app', async () => {
      const app = await vault.getApp(request);
      const accepted = probe('app', 'ok', `The server accepts the credentials of the app ${app.slug}.`);
      return [accepted, permissionsProbe(app), eventsProbe(app)];
    }),
    probesOf('installations', async () => {
      const { installations, requests } = await vault.listInstallations(request);
      return [installationsProbe(installations, requests)];
    }),
    webhookProbes(vault, request, webhookUrls(webhookUrl, connectionId)),
  ]);
  return probes.flat();
}

/** Reads the server's log of deliveries after the ping, so that a repaired webhook is not judged by what failed before. */
async function webhookProbes(
  vault: AppVault,
  request: { readonly organizationId: string; readonly connectionId: string },
  accepted: readonly string[],
): Promise<Probe[]> {
  const pings = await probesOf('webhook-ping', async () => {
    const ping = await vault.pingWebhook(request);
    return [webhookPingProbe(ping.event === '' ? null : ping)];
  });
  const others = await probesOf('webhook-url', async () => {
    const webhook = await vault.getWebhook(request);
    return [webhookUrlProbe(webhook, accepted), webhookContentProbe(webhook), webhookDeliveriesProbe(webhook)];
  });
  return [...others, ...pings];
}

/** A failed call fails its own probe only. */
async function probesOf(name: ProbeName, run: () => Promise<Probe[]>): Promise<Probe[]> {
  try {
    return await run();
  } catch (error) {
    return [probe(name, 'failed', messageOf(error), remedyOf(error))];
  }
}
