import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A manifest flow that was begun. The state itself is only in the person's browser. */
@Entity('manifest_flow')
export class ManifestFlowEntity {
  /** SHA-256 of the state. */
  @PrimaryColumn('bytea', { name: 'state_hash' })
  stateHash!: Buffer;

  @Column('text', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  subject!: string;

  @Column('text', { name: 'connection_id' })
  connectionId!: string;

  @Column('text')
  origin!: string;

  @Column('text')
  owner!: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
