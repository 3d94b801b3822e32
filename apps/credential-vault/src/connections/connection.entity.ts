import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The vault's row of a connection. A trigger rejects changes of its organization and origin. */
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

  /** The server has not confirmed the newest webhook secret yet. */
  @Column('boolean', { name: 'webhook_secret_pending', default: false })
  webhookSecretPending!: boolean;

  /** Time at which the server last confirmed a new webhook secret. */
  @Column('timestamptz', { name: 'webhook_secret_rotated_at', nullable: true })
  webhookSecretRotatedAt!: Date | null;

  /** Part of the tokens' cache key. Incrementing it makes every replica forget the connection's tokens. */
  @Column('integer', { name: 'token_epoch', default: 0 })
  tokenEpoch!: number;

  /** The app lists only the callback URL that all connections share, e.g. because it is older than the others. */
  @Column('boolean', { name: 'shared_callback', default: false })
  sharedCallback!: boolean;

  /** Version of the sealed profile by which the server is reached; 0 if there is none. */
  @Column('integer', { name: 'profile_version', default: 0 })
  profileVersion!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'connected_at', nullable: true })
  connectedAt!: Date | null;
}
