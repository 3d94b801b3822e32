import type { Page, PageQuery } from '@reunite/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { IsNull, LessThan } from 'typeorm';
import { DeliveryEntity } from './delivery.entity.js';

/** Deliveries as the worker and the API access them. Ingest writes them through {@link Inbox}. */
export class DeliveryRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns a delivery with its body, or null if it was deleted with its connection. */
  async read(id: string): Promise<DeliveryEntity | null> {
    return this.dataSource
      .getRepository(DeliveryEntity)
      .createQueryBuilder('delivery')
      .addSelect('delivery.body')
      .where({ id })
      .getOne();
  }

  /**
   * Marks a delivery as processed. Call it first in the transaction that writes the effect: of two concurrent runs, the
   * second waits here for the first, then receives false and must write nothing (P2).
   *
   * @param action the action of the payload; null for events without one
   */
  async markProcessed(db: EntityManager, id: string, action: string | null): Promise<boolean> {
    const marked = await db
      .createQueryBuilder()
      .update(DeliveryEntity)
      .set({ processedAt: () => 'now()', failedAt: null, action })
      .where({ id, processedAt: IsNull() })
      .execute();
    return marked.affected === 1;
  }

  /** Records what a processed delivery led to, as a sentence for users. */
  async recordOutcome(db: EntityManager, id: string, outcome: string): Promise<void> {
    await db.update(DeliveryEntity, { id }, { outcome });
  }

  /** Marks a delivery as failed: only a redelivery processes it again. Has no effect on a processed delivery. */
  async markFailed(id: string, outcome: string): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .update(DeliveryEntity)
      .set({ failedAt: () => 'now()', outcome })
      .where({ id, processedAt: IsNull() })
      .execute();
  }

  /** Returns a connection's deliveries without their bodies, newest first: ids sort by time. */
  async page(connectionId: string, { limit, after }: PageQuery): Promise<Page<DeliveryEntity>> {
    const rows = await this.dataSource.getRepository(DeliveryEntity).find({
      where: { connectionId, ...(after === undefined ? {} : { id: LessThan(after) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = rows.slice(0, limit);
    return { items, endCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}
