import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a server last answered the worker, and what was left of its rate limit. */
@Entity('connection_usage')
export class ConnectionUsageEntity {
  @PrimaryColumn('text', { name: 'connection_id' })
  connectionId!: string;

  /** The last response with a status below 400. */
  @Column('timestamptz', { name: 'last_success_at', nullable: true })
  lastSuccessAt!: Date | null;

  /** Null if the server has no rate limit. */
  @Column('integer', { name: 'rate_limit', nullable: true })
  rateLimit!: number | null;

  @Column('integer', { name: 'rate_remaining', nullable: true })
  rateRemaining!: number | null;

  @Column('timestamptz', { name: 'rate_resets_at', nullable: true })
  rateResetsAt!: Date | null;

  @Column('timestamptz', { name: 'rate_read_at', nullable: true })
  rateReadAt!: Date | null;
}
