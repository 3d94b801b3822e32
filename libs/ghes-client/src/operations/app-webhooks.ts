import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { noContentSchema } from './no-content.schema.js';
import { pages } from './paging.js';

const webhookConfigSchema = z.looseObject({
  url: z.string().optional(),
  content_type: z.string().optional(),
  /** `"0"`, `0`: certificates are verified. */
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});

/** Where an app's webhooks go. The secret is never given back by a server. */
export type WebhookConfig = z.output<typeof webhookConfigSchema>;

/** What to change; what is left out stays. */
export interface WebhookConfigChange {
  url?: string | undefined;
  secret?: string | undefined;
}

const webhookDeliverySchema = z.looseObject({
  /** Beyond what a JavaScript number holds on large servers, hence text. */
  id: z.union([z.number(), z.bigint()]).transform(String),
  guid: z.string(),
  delivered_at: z.string(),
  redelivery: z.boolean(),
  duration: z.number(),
  status: z.string(),
  status_code: z.number(),
  event: z.string(),
  action: z.string().nullable(),
  installation_id: z.number().nullish(),
  repository_id: z.number().nullish(),
});

/** One attempt to deliver a webhook. A redelivery is an attempt of its own with the same `guid`. */
export type WebhookDelivery = z.output<typeof webhookDeliverySchema>;

/** [Get a webhook configuration for an app](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#get-a-webhook-configuration-for-an-app). App JWT. */
export async function getWebhookConfigForApp(client: GhesClient): Promise<WebhookConfig> {
  return (await client.request('GET /app/hook/config', {}, webhookConfigSchema)).data;
}

/**
 * [Update a webhook configuration for an app](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#update-a-webhook-configuration-for-an-app).
 * App JWT. Always JSON, always with verified certificates.
 */
export async function updateWebhookConfigForApp(
  client: GhesClient,
  { url, secret }: WebhookConfigChange,
): Promise<WebhookConfig> {
  const body = {
    content_type: 'json',
    insecure_ssl: '0',
    ...(url === undefined ? {} : { url }),
    ...(secret === undefined ? {} : { secret }),
  };
  // `url` is Octokit's own name for the address, so the body goes as a whole.
  return (await client.request('PATCH /app/hook/config', { data: body }, webhookConfigSchema)).data;
}

/** [List deliveries for an app webhook](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#list-deliveries-for-an-app-webhook), newest first. App JWT. */
export async function* listWebhookDeliveries(client: GhesClient): AsyncGenerator<WebhookDelivery, void, undefined> {
  for await (const page of pages(client, 'GET /app/hook/deliveries', {}, z.array(webhookDeliverySchema))) yield* page;
}

/** [Redeliver a delivery for an app webhook](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook). App JWT. */
export async function redeliverWebhookDelivery(
  client: GhesClient,
  { deliveryId }: { deliveryId: string },
): Promise<void> {
  const route = 'POST /app/hook/deliveries/{delivery_id}/attempts';
  await client.request(route, { delivery_id: deliveryId }, noContentSchema);
}
