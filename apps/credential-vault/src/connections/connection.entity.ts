import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the vault knows of a connection. Organization and origin never change; a trigger sees to it. */
@Entity('connection')
export class ConnectionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  origin!: string;

  /** Null until the manifest flow is completed. */
  @Column('bigint', { name: 'app_id', nullable: true })
  appId!: number | null;

  @Column('text', { name: 'client_id', nullable: true })
  clientId!: string | null;

  @Column('text', { nullable: true })
  slug!: string | null;

  /** A webhook secret was made here and the server has not been told yet. */
  @Column('boolean', { name: 'webhook_secret_pending', default: false })
  webhookSecretPending!: boolean;

  /** When the server last took a new webhook secret in the place of another. */
  @Column('timestamptz', { name: 'webhook_secret_rotated_at', nullable: true })
  webhookSecretRotatedAt!: Date | null;

  /** Raised to forget all tokens, in every replica: it is part of the key that they are cached by. */
  @Column('integer', { name: 'token_epoch', default: 0 })
  tokenEpoch!: number;

  /** The app lists only the callback URL that all connections share, because it exists longer than the others. */
  @Column('boolean', { name: 'shared_callback', default: false })
  sharedCallback!: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'connected_at', nullable: true })
  connectedAt!: Date | null;
}
