import { Injectable } from '@nestjs/common';
import type { Delivery, Page, PageQuery } from '@reunite/contracts';
import { DeliveryRepository, deliveryState } from '@reunite/deliveries';
import type { DeliveryEntity } from '@reunite/deliveries';
import type { Caller } from '../../auth/caller.js';
import { readCursor, toCursor } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** The webhook deliveries of a connection and their outcomes. Payloads are not returned. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly lookup: TenantLookup,
    private readonly deliveries: DeliveryRepository,
  ) {}

  async list({ organizationId }: Caller, connectionId: string, { limit, after }: PageQuery): Promise<Page<Delivery>> {
    const { id } = await this.lookup.connection(organizationId, connectionId);
    const from = after === undefined ? { limit } : { limit, after: readCursor(after) };
    const { items, endCursor } = await this.deliveries.page(id, from);
    return { items: items.map(deliveryView), endCursor: endCursor === null ? null : toCursor(endCursor) };
  }
}

function deliveryView(delivery: DeliveryEntity): Delivery {
  const { id, guid, event, action, outcome, receivedAt, processedAt, failedAt } = delivery;
  return {
    id,
    guid,
    event,
    action,
    state: deliveryState(delivery),
    outcome,
    receivedAt: receivedAt.toISOString(),
    processedAt: (processedAt ?? failedAt)?.toISOString() ?? null,
  };
}
