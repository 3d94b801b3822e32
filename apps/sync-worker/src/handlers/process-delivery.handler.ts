import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { MalformedDeliveryError, parseDelivery } from '@reunite/deliveries';
import type { DeliveryEntity, DeliveryRepository, ParsedDelivery } from '@reunite/deliveries';
import type { JobHandler } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import type { DeliveryEffects } from '../deliveries/delivery-effects.js';
import type { GhesConnections } from '../ghes/ghes-connections.js';
import { noEffects } from '../queued-effects.js';
import type { QueuedEffects } from '../queued-effects.js';

/**
 * Applies a delivery once (P2): its mark and its effect are one transaction, and a second run finds the mark. Jobs that
 * a run could not enqueue any more are found by the sweeps.
 */
export class ProcessDeliveryHandler implements JobHandler<typeof jobs.processDelivery> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly deliveries: DeliveryRepository,
    private readonly ghes: GhesConnections,
    private readonly deliveryEffects: DeliveryEffects,
    private readonly effects: QueuedEffects,
  ) {}

  async handle({ deliveryId }: PayloadOf<typeof jobs.processDelivery>): Promise<null> {
    const delivery = await this.deliveries.read(deliveryId);
    if (!delivery || delivery.processedAt) return null;
    const { organizationId } = await this.ghes.connection(delivery.connectionId);
    try {
      await this.apply(delivery, parseDelivery(delivery.event, delivery.body), organizationId);
    } catch (error) {
      if (!(error instanceof MalformedDeliveryError)) throw error;
      await this.deliveries.markFailed(deliveryId, error.message);
      throw error;
    }
    return null;
  }

  private async apply(delivery: DeliveryEntity, parsed: ParsedDelivery, organizationId: string): Promise<void> {
    const { id, connectionId } = delivery;
    const effects = noEffects();
    await this.dataSource.transaction(async (db) => {
      // The mark first: a second run waits here for ours, and then has nothing to do.
      if (!(await this.deliveries.markProcessed(db, id, { action: parsed.action, outcome: '' }))) return;
      const outcome = await this.deliveryEffects.apply(db, connectionId, parsed, effects);
      await db.query('UPDATE delivery SET outcome = $2 WHERE id = $1', [id, outcome]);
      await publishLiveEvent(db, organizationId, { type: 'delivery', id, connectionId });
    });
    await this.effects.enqueue(effects);
  }
}
