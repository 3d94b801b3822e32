import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { VaultWebhook, WebhookPing } from '@reunite/contracts';
import {
  getWebhookConfigForApp,
  listWebhookDeliveries,
  redeliverWebhookDelivery,
  updateWebhookConfigForApp,
} from '@reunite/ghes-client';
import type { GhesClient, WebhookDelivery } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { GhesClients } from '../ghes/ghes-clients.js';

/** Deliveries of the server's log that are read. */
const MAX_DELIVERIES = 30;
const PING_ATTEMPTS = 20;
const PING_INTERVAL_MS = 500;

/** Reads, tries and repairs the webhook of an app, as the app. */
@Injectable()
export class AppWebhookService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesClients,
    private readonly credentials: Credentials,
  ) {}

  async read(connection: ConnectedConnection, signal: AbortSignal): Promise<VaultWebhook> {
    const client = (await this.ghes.asApp(connection)).withSignal(signal);
    return webhookOf(client);
  }

  /**
   * Makes the server send its last ping again, or its last delivery of another event, and waits for the result. An app
   * has no other way to try its webhook. The receiver ignores repeated deliveries.
   *
   * @returns an empty event if the server has no delivery; status 0 if the result is not in its log after 10 s
   */
  async ping(connection: ConnectedConnection, signal: AbortSignal): Promise<WebhookPing> {
    const client = (await this.ghes.asApp(connection)).withSignal(signal);
    const before = await lastDeliveries(client);
    const sent = before.find(({ event }) => event === 'ping') ?? before[0];
    if (!sent) return { event: '', statusCode: 0, status: '' };
    const previousIds = new Set(before.map(({ id }) => id));
    await redeliverWebhookDelivery(client, { deliveryId: sent.id });
    for (let attempt = 0; attempt < PING_ATTEMPTS; attempt += 1) {
      await wait(PING_INTERVAL_MS, undefined, { signal });
      const result = (await lastDeliveries(client)).find(({ guid, id }) => guid === sent.guid && !previousIds.has(id));
      if (result) return { event: sent.event, statusCode: result.status_code, status: result.status };
    }
    return { event: sent.event, statusCode: 0, status: '' };
  }

  /** Sets URL, content type and the newest secret. @returns the webhook afterwards */
  async repair(connection: ConnectedConnection, url: string, record: CallRecord): Promise<VaultWebhook> {
    record.scope = { url };
    const client = (await this.ghes.asApp(connection)).withSignal(record.signal);
    const version = await this.credentials.newestVersion(this.dataSource.manager, connection, 'webhook-secret');
    const secret = await this.credentials.version(connection, 'webhook-secret', version);
    try {
      await updateWebhookConfigForApp(client, { url, secret: secret.toString('utf8') });
    } finally {
      secret.fill(0);
    }
    return webhookOf(client);
  }
}

async function webhookOf(client: GhesClient): Promise<VaultWebhook> {
  const config = await getWebhookConfigForApp(client);
  const deliveries = await lastDeliveries(client);
  return {
    url: config.url ?? '',
    contentType: config.content_type ?? 'form',
    verifiesCertificates: String(config.insecure_ssl ?? '0') === '0',
    deliveries: deliveries.map(({ event, status, status_code, delivered_at }) => ({
      event,
      status: status.slice(0, 200),
      statusCode: status_code,
      deliveredAt: delivered_at,
    })),
  };
}

/** Newest first. */
async function lastDeliveries(client: GhesClient): Promise<WebhookDelivery[]> {
  const deliveries: WebhookDelivery[] = [];
  for await (const delivery of listWebhookDeliveries(client)) {
    deliveries.push(delivery);
    if (deliveries.length >= MAX_DELIVERIES) break;
  }
  return deliveries;
}
