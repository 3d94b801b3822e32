import { Injectable } from '@nestjs/common';
import { AppWebhookService } from '../apps/app-webhook.service.js';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';

/** Methods for the webhook of a connection's app. */
@Injectable()
export class AppWebhookController implements Partial<VaultMethodHandlers> {
  constructor(
    private readonly connections: Connections,
    private readonly webhooks: AppWebhookService,
  ) {}

  async getWebhook(request: MethodRequest<'getWebhook'>, record: CallRecord): Promise<MethodResponse<'getWebhook'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.webhooks.read(connection, record.signal);
  }

  async pingWebhook(request: MethodRequest<'pingWebhook'>, record: CallRecord): Promise<MethodResponse<'pingWebhook'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.webhooks.ping(connection, record.signal);
  }

  async repairWebhook(
    request: MethodRequest<'repairWebhook'>,
    record: CallRecord,
  ): Promise<MethodResponse<'repairWebhook'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    return this.webhooks.repair(connection, request.url, record);
  }
}
