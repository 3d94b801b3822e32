import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last record of an organization's chain. A trigger updates it with every append, only forward. */
@Entity('audit_head')
export class AuditHeadEntity {
  @PrimaryColumn('text', { name: 'organization_id' })
  organizationId!: string;

  @Column('bigint')
  seq!: number;

  @Column('bytea')
  hash!: Buffer;
}
