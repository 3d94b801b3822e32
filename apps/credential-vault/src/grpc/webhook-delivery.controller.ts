import { Injectable } from '@nestjs/common';
import { WebhookDeliveryService } from '../apps/webhook-delivery.service.js';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';

/** Methods for the server's log of webhook deliveries. */
@Injectable()
export class WebhookDeliveryController implements Partial<VaultMethodHandlers> {
  constructor(
    private readonly connections: Connections,
    private readonly deliveries: WebhookDeliveryService,
  ) {}

  async listWebhookDeliveries(
    request: MethodRequest<'listWebhookDeliveries'>,
    record: CallRecord,
  ): Promise<MethodResponse<'listWebhookDeliveries'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.deliveries.list(connection, request.cursor, record.signal);
  }

  async redeliverWebhooks(
    request: MethodRequest<'redeliverWebhooks'>,
    record: CallRecord,
  ): Promise<MethodResponse<'redeliverWebhooks'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.deliveries.redeliver(connection, request.deliveryIds, record);
  }

  async readWebhookDelivery(
    request: MethodRequest<'readWebhookDelivery'>,
    record: CallRecord,
  ): Promise<MethodResponse<'readWebhookDelivery'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.deliveries.read(connection, request.deliveryId, record);
  }
}
