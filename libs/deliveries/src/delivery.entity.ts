import type { Delivery } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A webhook delivery in the inbox. Its payload is in the table beside it, see {@link DeliveryRepository}. */
@Entity('webhook_delivery')
export class DeliveryEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'connection_id' })
  connectionId!: string;

  /** See `shardOf`. */
  @Column('smallint')
  shard!: number;

  /** See `deliveryKey`: 32 hexadecimal digits. */
  @Column('uuid')
  key!: string;

  /** `X-GitHub-Delivery`: a redelivery keeps it. Unique per connection. */
  @Column('text')
  guid!: string;

  @Column('text')
  event!: string;

  /** True if the payload is a form. */
  @Column('boolean', { default: false })
  form!: boolean;

  /** Size of the payload, in bytes. */
  @Column('integer')
  size!: number;

  /** Recorded, never trusted. */
  @Column('text', { name: 'enterprise_host', nullable: true })
  enterpriseHost!: string | null;

  @Column('text', { name: 'enterprise_version', nullable: true })
  enterpriseVersion!: string | null;

  /** W3C `traceparent` of the request that brought it; null while nothing was traced. */
  @Column('text', { nullable: true })
  traceparent!: string | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'processed_at', nullable: true })
  processedAt!: Date | null;

  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt!: Date | null;

  /** Attempts that failed with an error that is retried. */
  @Column('smallint', { default: 0 })
  attempts!: number;

  @Column('text', { nullable: true })
  action!: string | null;

  /** `owner/name` at the time of the event; set when the delivery is processed. */
  @Column('text', { nullable: true })
  repository!: string | null;

  /** Login of the user who caused the event; set when the delivery is processed. */
  @Column('text', { nullable: true })
  sender!: string | null;

  /** True if the event is not used. */
  @Column('boolean', { default: false })
  ignored!: boolean;

  /** Result of processing, shown to users. */
  @Column('text', { nullable: true })
  outcome!: string | null;
}

/** Returns the state of a delivery. A processed delivery stays processed, even if an earlier attempt failed. */
export function deliveryState({
  processedAt,
  failedAt,
  ignored,
}: Pick<DeliveryEntity, 'processedAt' | 'failedAt' | 'ignored'>): Delivery['state'] {
  if (processedAt) return ignored ? 'ignored' : 'processed';
  return failedAt ? 'failed' : 'received';
}
