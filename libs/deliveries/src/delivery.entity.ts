import type { Delivery } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A webhook delivery in the inbox. The body is stored unchanged: the signature is over its raw bytes. */
@Entity('delivery')
export class DeliveryEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'connection_id' })
  connectionId!: string;

  /** `X-GitHub-Delivery`: a redelivery keeps it. Unique per connection. */
  @Column('text')
  guid!: string;

  @Column('text')
  event!: string;

  /** Recorded, never trusted. */
  @Column('text', { name: 'enterprise_host', nullable: true })
  enterpriseHost!: string | null;

  @Column('text', { name: 'enterprise_version', nullable: true })
  enterpriseVersion!: string | null;

  @Column('bytea', { select: false })
  body!: Buffer;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'enqueued_at', nullable: true })
  enqueuedAt!: Date | null;

  @Column('timestamptz', { name: 'processed_at', nullable: true })
  processedAt!: Date | null;

  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt!: Date | null;

  @Column('text', { nullable: true })
  action!: string | null;

  /** Result of processing, shown to users. */
  @Column('text', { nullable: true })
  outcome!: string | null;
}

/** Returns the state of a delivery. A processed delivery stays processed, even if an earlier attempt failed. */
export function deliveryState({
  processedAt,
  failedAt,
}: Pick<DeliveryEntity, 'processedAt' | 'failedAt'>): Delivery['state'] {
  if (processedAt) return 'processed';
  return failedAt ? 'failed' : 'received';
}
