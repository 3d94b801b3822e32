import type { ConnectionEntity } from '@reunite/connections';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { parseDelivery } from '@reunite/deliveries';
import type { DeliveryEntity, DeliveryRepository, ParsedDelivery } from '@reunite/deliveries';
import type { JobHandler } from '@reunite/queueing';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DeliveryEffects } from './delivery-effects.js';
import { explain, isLasting } from '../interactive/explain.js';
import { forgetTokens } from '../connections/forget-tokens.js';
import type { GhesConnections } from '../connections/ghes-connections.js';
import type { Vault } from '../connections/vault.js';

/** What installation tokens may is another thing after these: suspended, unsuspended, deleted, granted more or less. */
const changesTokens = new Set<ParsedDelivery['event']>(['installation', 'installation_repositories']);

/**
 * Applies a delivery once (P2): its mark and its effect are one transaction, and a second run finds the mark. Jobs that
 * a run could not enqueue any more are found by the sweeps.
 */
export class ProcessDeliveryHandler implements JobHandler<typeof jobs.processDelivery> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deliveries: DeliveryRepository,
    private readonly ghes: GhesConnections,
    private readonly deliveryEffects: DeliveryEffects,
    private readonly vault: Vault,
  ) {}

  async handle({ deliveryId }: PayloadOf<typeof jobs.processDelivery>): Promise<null> {
    const delivery = await this.deliveries.read(deliveryId);
    if (!delivery || delivery.processedAt) return null;
    const connection = await this.ghes.connection(delivery.connectionId);
    try {
      const parsed = parseDelivery(delivery.event, delivery.body);
      // Before the mark, so that none of it is lost; a second run forgets once more, which costs a minting.
      if (changesTokens.has(parsed.event)) await forgetTokens(this.vault, connection);
      await this.apply(delivery, parsed, connection);
    } catch (error) {
      // What stays open is swept in for ever.
      if (isLasting(error)) await this.deliveries.markFailed(deliveryId, explain(error));
      throw error;
    }
    return null;
  }

  private async apply(delivery: DeliveryEntity, parsed: ParsedDelivery, connection: ConnectionEntity): Promise<void> {
    const { id, connectionId } = delivery;
    await this.unitOfWork.run({ connectionId }, async (work) => {
      const { db } = work;
      // The mark before all else: a second run waits here for ours, and then has nothing to do.
      if (!(await this.deliveries.markProcessed(db, id, { action: parsed.action, outcome: '' }))) return;
      const outcome = await this.deliveryEffects.apply(work, connection, parsed);
      await db.query('UPDATE delivery SET outcome = $2 WHERE id = $1', [id, outcome]);
      await publishLiveEvent(db, connection.organizationId, { type: 'delivery', id, connectionId });
    });
  }
}
