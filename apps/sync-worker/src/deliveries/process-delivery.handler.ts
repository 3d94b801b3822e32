import type { ConnectionEntity } from '@reunite/connections';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { parseDelivery } from '@reunite/deliveries';
import type { DeliveryEntity, DeliveryRepository, ParsedDelivery } from '@reunite/deliveries';
import type { JobHandler } from '@reunite/queueing';
import type { UnitOfWork } from '@reunite/unit-of-work';
import { forgetTokens } from '../connections/forget-tokens.js';
import type { GhesAccess } from '../connections/ghes-access.js';
import type { Vault } from '../connections/vault.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { DeliveryProcessor } from './delivery-processor.js';

/** Events after which tokens may have other permissions: suspended, resumed, deleted, granted more or less. */
const TOKEN_EVENTS: ReadonlySet<ParsedDelivery['event']> = new Set(['installation', 'installation_repositories']);

/**
 * Applies a delivery once (P2). Safe to run twice: the mark and the effect are one transaction, and the second run finds the
 * mark. The sweeper enqueues follow-up jobs that were lost.
 */
export class ProcessDeliveryHandler implements JobHandler<typeof jobs.processDelivery> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly deliveries: DeliveryRepository,
    private readonly ghes: GhesAccess,
    private readonly vault: Vault,
    private readonly processor: DeliveryProcessor,
  ) {}

  async handle({ deliveryId }: PayloadOf<typeof jobs.processDelivery>): Promise<null> {
    const delivery = await this.deliveries.read(deliveryId);
    if (!delivery || delivery.processedAt) return null;
    const connection = await this.ghes.connection(delivery.connectionId);
    try {
      const parsed = parseDelivery(delivery.event, delivery.body);
      // Before the mark: if this run dies in between, the next one forgets them again, which only costs new tokens.
      if (TOKEN_EVENTS.has(parsed.event)) await forgetTokens(this.vault, connection);
      await this.apply(delivery, parsed, connection);
    } catch (error) {
      // Mark it failed, or the sweeper would re-enqueue it forever.
      if (isPermanent(error)) await this.deliveries.markFailed(deliveryId, userMessage(error));
      throw error;
    }
    return null;
  }

  private apply({ id }: DeliveryEntity, parsed: ParsedDelivery, connection: ConnectionEntity): Promise<void> {
    const { id: connectionId, organizationId } = connection;
    return this.unitOfWork.run({ connectionId }, async (work) => {
      // First: a concurrent run waits here for ours, and then has nothing to do.
      if (!(await this.deliveries.markProcessed(work.db, id, parsed.action))) return;
      await this.deliveries.recordOutcome(work.db, id, await this.processor.apply(work, connection, parsed));
      await publishLiveEvent(work.db, organizationId, { type: 'delivery', id, connectionId });
    });
  }
}
