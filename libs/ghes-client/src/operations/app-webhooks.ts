import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { getMeta } from './meta.js';
import { noContentSchema } from './no-content.schema.js';
import { listOf } from './list.schema.js';
import { items, nextLink, PAGE_ITEMS } from './paging.js';
import { routes } from './routes.js';
import { requireCapability } from '../server-versions.rules.js';

const webhookConfigSchema = z.looseObject({
  url: z.string().optional(),
  content_type: z.string().optional(),
  /** `"0"`, `0`: certificates are verified. */
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});

/** Target of an app's webhooks. Servers never return the secret. */
export type WebhookConfig = z.output<typeof webhookConfigSchema>;

/** Fields to change; omitted ones keep their value. */
export interface WebhookConfigChange {
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
}

const webhookDeliverySchema = z.looseObject({
  /** A string of digits, because ids of large servers exceed the safe integers of JavaScript. */
  id: z
    .union([z.number(), z.string()])
    .transform(String)
    .pipe(z.string().regex(/^\d{1,29}$/)),
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

const headersSchema = z.record(z.string(), z.unknown()).nullable();

const webhookDeliveryDetailSchema = webhookDeliverySchema.extend({
  request: z.looseObject({ headers: headersSchema, payload: z.record(z.string(), z.unknown()).nullable() }),
  response: z.looseObject({ headers: headersSchema, payload: z.string().nullable() }),
});

/** An attempt with its request and response. */
export type WebhookDeliveryDetail = z.output<typeof webhookDeliveryDetailSchema>;

/** [Get a webhook configuration for an app](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#get-a-webhook-configuration-for-an-app). App JWT. */
export async function getWebhookConfigForApp(client: GhesClient): Promise<WebhookConfig> {
  return (await client.request(routes.getWebhookConfigForApp, {}, webhookConfigSchema)).data;
}

/**
 * [Update a webhook configuration for an app](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#update-a-webhook-configuration-for-an-app).
 * App JWT. Always sets JSON and verified certificates.
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
  // As `data`, because Octokit has a parameter `url` of its own.
  return (await client.request(routes.updateWebhookConfigForApp, { data: body }, webhookConfigSchema)).data;
}

/** Filter of a listing. */
export interface WebhookDeliveryFilter {
  /** Only deliveries that the receiver accepted, or did not accept. Since version 3.17. */
  readonly status?: 'success' | 'failure' | undefined;
}

/**
 * [List deliveries for an app webhook](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#list-deliveries-for-an-app-webhook), newest first. App JWT.
 *
 * @throws GhesUnsupportedVersionError for a filter on an older server, which would ignore it
 */
export async function* listWebhookDeliveries(
  client: GhesClient,
  { status }: WebhookDeliveryFilter = {},
): AsyncGenerator<WebhookDelivery, void, undefined> {
  if (status !== undefined) {
    const version = client.serverVersion() ?? (await getMeta(client)).installed_version;
    requireCapability(version, 'filterDeliveriesByStatus');
  }
  yield* items(client, routes.listWebhookDeliveries, { status }, webhookDeliverySchema);
}

/** A page of the log of deliveries. */
export interface WebhookDeliveryPage {
  /** Newest first. */
  readonly deliveries: readonly WebhookDelivery[];
  /** For the page with the next older deliveries; null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * [List deliveries for an app webhook](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#list-deliveries-for-an-app-webhook):
 * one page, for a reader that continues later. Takes only the cursor of a link, so that its origin does not matter. App JWT.
 *
 * @param cursor Default: the newest deliveries
 */
export async function getWebhookDeliveryPage(
  client: GhesClient,
  { cursor }: { readonly cursor?: string | undefined } = {},
): Promise<WebhookDeliveryPage> {
  const parameters = { per_page: PAGE_ITEMS, ...(cursor !== undefined && { cursor }) };
  const schema = listOf(webhookDeliverySchema, PAGE_ITEMS);
  const { data, link } = await client.request(routes.getWebhookDeliveryPage, parameters, schema, { size: 'page' });
  return { deliveries: data, nextCursor: cursorOf(nextLink(link)) };
}

/** Cursors are opaque. One with blanks or control characters, which no server sends, could not be stored. */
const CURSOR = /^[!-~]{1,500}$/;

function cursorOf(target: string | undefined): string | null {
  const query = target?.split('?')[1]?.split('#')[0];
  const cursor = new URLSearchParams(query).get('cursor') ?? '';
  return CURSOR.test(cursor) ? cursor : null;
}

/** [Get a delivery for an app webhook](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#get-a-delivery-for-an-app-webhook) with its request and response. App JWT. */
export async function getWebhookDelivery(
  client: GhesClient,
  { deliveryId }: { deliveryId: string },
): Promise<WebhookDeliveryDetail> {
  const parameters = { delivery_id: deliveryId };
  return (await client.request(routes.getWebhookDelivery, parameters, webhookDeliveryDetailSchema, { size: 'content' }))
    .data;
}

/** [Redeliver a delivery for an app webhook](https://docs.github.com/enterprise-server@latest/rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook). App JWT. */
export async function redeliverWebhookDelivery(
  client: GhesClient,
  { deliveryId }: { deliveryId: string },
): Promise<void> {
  await client.request(routes.redeliverWebhookDelivery, { delivery_id: deliveryId }, noContentSchema);
}
