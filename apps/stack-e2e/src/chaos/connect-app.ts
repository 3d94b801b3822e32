import { randomUUID } from 'node:crypto';
import type { LocalStack } from '@reunite/local-stack';
import { z } from 'zod';
import { ApiClient } from '../api.client.js';
import { SimulatorClient } from '../simulator.client.js';
import type { WebhookTarget } from './delivery-sender.js';

const settingsSchema = z.object({
  callbackUrl: z.string(),
  webhookUrl: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
});

/** Connects an app of the simulated server. @returns the address and secret of its webhook */
export async function connectApp(stack: LocalStack): Promise<WebhookTarget> {
  const api = await ApiClient.signIn(stack.urls.api, 'ada');
  const simulator = new SimulatorClient(stack.urls.simulator);
  const settings = settingsSchema.parse(await (await api.get('/v1/app-settings')).json());
  const app = await simulator.createApp({
    name: 'Chaos',
    url: settings.callbackUrl,
    redirect_url: settings.callbackUrl,
    callback_urls: [settings.callbackUrl],
    // The simulator's own deliveries are of no interest here.
    hook_attributes: { url: settings.webhookUrl, active: false },
    default_permissions: settings.permissions,
    default_events: settings.events,
    public: false,
  });
  const secret = randomUUID();
  const answer = await api.send('POST', '/v1/connections/existing', {
    name: 'Chaos',
    serverUrl: stack.urls.simulator,
    owner: 'acme',
    ...{ appId: app.id, clientId: app.client_id, clientSecret: app.client_secret, privateKey: app.pem },
    webhookSecret: secret,
  });
  const { id } = z.object({ id: z.string() }).parse(await answer.json());
  return { url: `${stack.urls.ingest}/webhooks/github/${id}`, secret };
}
