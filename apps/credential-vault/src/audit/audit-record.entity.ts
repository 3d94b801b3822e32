import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One call of a service and its outcome, without secrets. Append-only by trigger, chained per organization. */
@Entity('audit_record')
export class AuditRecordEntity {
  /** Empty if the call belongs to no organization, or to none that is certain. */
  @PrimaryColumn('text', { name: 'organization_id' })
  organizationId!: string;

  @PrimaryColumn('bigint')
  seq!: number;

  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;

  /** The calling service by its certificate. */
  @Column('text')
  caller!: string;

  @Column('text')
  method!: string;

  @Column('text', { name: 'connection_id', nullable: true })
  connectionId!: string | null;

  @Column('jsonb')
  scope!: object;

  /** `ok` or the error code. */
  @Column('text')
  outcome!: string;

  @Column('bytea', { name: 'previous_hash' })
  previousHash!: Buffer;

  @Column('bytea')
  hash!: Buffer;
}
