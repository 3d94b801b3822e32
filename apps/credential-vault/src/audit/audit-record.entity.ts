import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who asked for what, and how it ended; never a secret. Append-only by trigger, chained per organization. */
@Entity('audit_record')
export class AuditRecordEntity {
  /** Empty for what happened on behalf of no organization that is known. */
  @PrimaryColumn('text', { name: 'organization_id' })
  organizationId!: string;

  @PrimaryColumn('bigint')
  seq!: number;

  @Column({ type: 'timestamptz', precision: 3 })
  at!: Date;

  /** Service by its certificate. */
  @Column('text')
  caller!: string;

  @Column('text')
  method!: string;

  @Column('text', { name: 'connection_id', nullable: true })
  connectionId!: string | null;

  @Column('jsonb')
  scope!: object;

  /** `ok` or the code of the error. */
  @Column('text')
  outcome!: string;

  @Column('bytea', { name: 'previous_hash' })
  previousHash!: Buffer;

  @Column('bytea')
  hash!: Buffer;
}
