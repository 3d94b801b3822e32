import { Injectable } from '@nestjs/common';
import type { LoggedPayload, WebhookDeliveryLog } from '@reunite/contracts';
import {
  getWebhookConfigForApp,
  getWebhookDelivery,
  getWebhookDeliveryPage,
  GhesNotFoundError,
  GhesResponseTooLargeError,
  redeliverWebhookDelivery,
} from '@reunite/ghes-client';
import type { CallRecord } from '../audit/call-record.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';

/** gRPC messages are limited to 4 MiB. The server delivers what is larger by itself. */
const MAX_PAYLOAD_BYTES = 3 * 1024 * 1024;
const MAX_TEXT = 200;

/** Reads the server's log of webhook deliveries, as the app, and makes the server send deliveries again. */
@Injectable()
export class WebhookDeliveryService {
  constructor(private readonly ghes: GhesClients) {}

  /** @param cursor empty for the newest deliveries */
  async list(connection: ConnectedConnection, cursor: string, signal: AbortSignal): Promise<WebhookDeliveryLog> {
    const client = (await this.ghes.asApp(connection)).withSignal(signal);
    const webhookUrl = cursor === '' ? ((await getWebhookConfigForApp(client)).url ?? '') : '';
    const page = await getWebhookDeliveryPage(client, cursor === '' ? {} : { cursor });
    return {
      webhookUrl,
      deliveries: page.deliveries.map(({ id, guid, event, delivered_at, status_code }) => ({
        id,
        guid: guid.slice(0, MAX_TEXT),
        event: event.slice(0, MAX_TEXT),
        deliveredAt: delivered_at,
        statusCode: status_code,
      })),
      nextCursor: page.nextCursor ?? '',
    };
  }

  /** Sends one request after the other. @returns the ids that the log no longer has */
  async redeliver(
    connection: ConnectedConnection,
    deliveryIds: readonly string[],
    record: CallRecord,
  ): Promise<{ missingIds: string[] }> {
    record.scope = { deliveryIds };
    const client = (await this.ghes.asApp(connection)).withSignal(record.signal);
    const missingIds: string[] = [];
    for (const deliveryId of deliveryIds) {
      try {
        await redeliverWebhookDelivery(client, { deliveryId });
      } catch (error) {
        if (!(error instanceof GhesNotFoundError)) throw error;
        missingIds.push(deliveryId);
      }
    }
    return { missingIds };
  }

  /**
   * @throws GhesNotFoundError if the log no longer has the delivery
   * @throws GhesResponseTooLargeError if the payload is larger than a gRPC message may be
   */
  async read(connection: ConnectedConnection, deliveryId: string, record: CallRecord): Promise<LoggedPayload> {
    record.scope = { deliveryId };
    const client = (await this.ghes.asApp(connection)).withSignal(record.signal);
    const { guid, event, request } = await getWebhookDelivery(client, { deliveryId });
    const payload = Buffer.from(JSON.stringify(request.payload ?? {}));
    if (payload.length > MAX_PAYLOAD_BYTES) {
      throw new GhesResponseTooLargeError(
        `The payload of delivery ${guid.slice(0, MAX_TEXT)} has more than ${MAX_PAYLOAD_BYTES} bytes.`,
        MAX_PAYLOAD_BYTES,
      );
    }
    return { guid: guid.slice(0, MAX_TEXT), event: event.slice(0, MAX_TEXT), payload };
  }
}
