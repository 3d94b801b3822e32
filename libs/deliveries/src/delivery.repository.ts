import type { Page, PageQuery } from '@reunite/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { IsNull, LessThan } from 'typeorm';
import { DeliveryEntity } from './delivery.entity.js';

/** What a delivery led to, for the list that people see. */
export interface DeliveryResult {
  readonly action: string | null;
  readonly outcome: string;
}

/** The inbox as the worker and the API see it; ingest writes through {@link Inbox}. */
export class DeliveryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** A delivery with its body; null where it is gone, with its connection. */
  async read(id: string): Promise<DeliveryEntity | null> {
    return this.dataSource
      .getRepository(DeliveryEntity)
      .createQueryBuilder('delivery')
      .addSelect('delivery.body')
      .where({ id })
      .getOne();
  }

  /**
   * Says that the delivery has had its effect. Call it first in the transaction that writes the effect: of two runs at
   * the same time, the second waits here for the first, and then gets false and must write nothing (P2).
   */
  async markProcessed(manager: EntityManager, id: string, { action, outcome }: DeliveryResult): Promise<boolean> {
    const marked = await manager
      .createQueryBuilder()
      .update(DeliveryEntity)
      .set({ processedAt: () => 'now()', failedAt: null, action, outcome })
      .where({ id, processedAt: IsNull() })
      .execute();
    return marked.affected === 1;
  }

  /** Nobody tries this delivery again by itself; the server's redelivery does. One that was processed stays so. */
  async markFailed(id: string, outcome: string): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .update(DeliveryEntity)
      .set({ failedAt: () => 'now()', outcome })
      .where({ id, processedAt: IsNull() })
      .execute();
  }

  /** A connection's deliveries without their bodies, newest first: ids sort by time. */
  async page(connectionId: string, { limit, after }: PageQuery): Promise<Page<DeliveryEntity>> {
    const found = await this.dataSource.getRepository(DeliveryEntity).find({
      where: { connectionId, ...(after === undefined ? {} : { id: LessThan(after) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = found.slice(0, limit);
    return { items, endCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}
