import { Column, PrimaryColumn } from 'typeorm';

/** A flow that a user starts here and completes on the server. The state itself exists in the user's browser only. */
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
