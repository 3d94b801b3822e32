import { Column, PrimaryColumn } from 'typeorm';

/** Something that a person began here and completes at the server. The state itself is only in the person's browser. */
export abstract class FlowEntity {
  /** SHA-256 of the state. */
  @PrimaryColumn('bytea', { name: 'state_hash' })
  stateHash!: Buffer;

  @Column('text', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  subject!: string;

  @Column('text', { name: 'connection_id' })
  connectionId!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
