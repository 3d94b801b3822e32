import { Injectable } from '@nestjs/common';
import { isId, jobs, NotFoundError } from '@reunite/contracts';
import type { Delivery, DeliveryPayload, DeliveryQuery, DeliveryRecovery, Page } from '@reunite/contracts';
import { DeliveryLog, deliveryState, readablePayload, recoveryState, shardOf } from '@reunite/deliveries';
import type { DeliveryEntity } from '@reunite/deliveries';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { mapPage, readCursors, toCursor } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** The webhook deliveries of a connection, their outcomes, and the recovery of those that did not arrive. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly log: DeliveryLog,
    private readonly requests: JobRequests,
  ) {}

  async list({ organizationId }: Caller, connectionId: string, query: DeliveryQuery): Promise<Page<Delivery>> {
    const { id } = await this.lookup.connection(organizationId, connectionId);
    const page = await this.log.page(id, { ...query, ...readCursors(query) });
    const { items, startCursor, endCursor } = mapPage(page, deliveryView);
    return { items, startCursor: startCursor && toCursor(startCursor), endCursor: endCursor && toCursor(endCursor) };
  }

  /** The payload has content of the repository and names of users, so that it is for owners. */
  async payload(caller: Caller, connectionId: string, deliveryId: string): Promise<DeliveryPayload> {
    const delivery = await this.find(caller, connectionId, deliveryId);
    const body = await this.log.payload(delivery);
    const text = body === null ? null : textOf(body, delivery.form);
    return {
      headers: headersOf(delivery),
      payload: text === null ? null : readablePayload(text),
      size: delivery.size,
    };
  }

  /** Processes a delivery again, whether it succeeded or failed. */
  async redeliver(caller: Caller, connectionId: string, deliveryId: string): Promise<void> {
    const delivery = await this.find(caller, connectionId, deliveryId);
    await this.log.processAgain(delivery.connectionId, delivery.id);
    await this.requests.follow(jobs.processInbox, { shard: shardOf(delivery.connectionId) });
  }

  async recovery({ organizationId }: Caller, connectionId: string): Promise<DeliveryRecovery> {
    const { id } = await this.lookup.connection(organizationId, connectionId);
    const state = await recoveryState(this.dataSource.manager, id);
    if (!state) return { checkedAt: null, skippedReason: null, missed: 0, recovered: 0, lost: 0, open: 0 };
    return { ...state, checkedAt: state.checkedAt?.toISOString() ?? null };
  }

  /** Compares the server's log with the inbox, and asks the server for what is missing. */
  async recover({ organizationId }: Caller, id: string): Promise<void> {
    const { id: connectionId } = await this.lookup.connection(organizationId, id);
    await this.requests.add(jobs.recoverDeliveries, { connectionId });
  }

  private async find({ organizationId }: Caller, connectionId: string, deliveryId: string): Promise<DeliveryEntity> {
    const { id } = await this.lookup.connection(organizationId, connectionId);
    const delivery = isId('delivery', deliveryId) ? await this.log.get(id, deliveryId) : null;
    if (!delivery) throw new NotFoundError(`There is no delivery ${deliveryId}.`);
    return delivery;
  }
}

function deliveryView(delivery: DeliveryEntity): Delivery {
  const { id, guid, event, action, repository, sender, outcome, attempts, size, receivedAt } = delivery;
  const processedAt = delivery.processedAt ?? delivery.failedAt;
  return {
    ...{ id, guid, event, action, repository, sender, outcome, attempts, size },
    state: deliveryState(delivery),
    receivedAt: receivedAt.toISOString(),
    processedAt: processedAt?.toISOString() ?? null,
    durationMs: processedAt ? Math.max(0, processedAt.getTime() - receivedAt.getTime()) : null,
  };
}

function textOf(body: Buffer, form: boolean): string {
  const text = body.toString('utf8');
  return form ? (new URLSearchParams(text).get('payload') ?? '') : text;
}

function headersOf({
  guid,
  event,
  form,
  enterpriseHost,
  enterpriseVersion,
}: DeliveryEntity): DeliveryPayload['headers'] {
  const headers = {
    'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-enterprise-host': enterpriseHost,
    'x-github-enterprise-version': enterpriseVersion,
  };
  return Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}
