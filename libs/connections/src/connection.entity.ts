import type { ConnectionStatus, InstallationRequest } from '@reunite/contracts';
import type { StoredProfile } from '@reunite/ghes-client';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A GitHub Enterprise Server of an organization, with its GitHub App. The vault has its secrets. */
@Entity('connection')
export class ConnectionEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'organization_id' })
  organizationId!: string;

  @Column('text')
  name!: string;

  /** Scheme, host and port. It never changes: credentials are bound to it. */
  @Column({ type: 'text', update: false })
  origin!: string;

  /** Organization on the server that owns the app. */
  @Column('text')
  owner!: string;

  /** The server's id of that owner; null before the first refresh. */
  @Column('bigint', { name: 'owner_id', nullable: true })
  ownerId!: number | null;

  @Column('text')
  status!: ConnectionStatus;

  @Column('text', { name: 'status_reason', nullable: true })
  statusReason!: string | null;

  @Column('bigint', { name: 'app_id', nullable: true })
  appId!: number | null;

  @Column('text', { name: 'app_slug', nullable: true })
  appSlug!: string | null;

  @Column('text', { name: 'app_html_url', nullable: true })
  appHtmlUrl!: string | null;

  @Column('jsonb')
  permissions!: Record<string, string>;

  @Column('jsonb')
  events!: string[];

  /** Installations that members requested and that wait for the approval of an owner on the server. */
  @Column('jsonb', { name: 'installation_requests', default: [] })
  installationRequests!: InstallationRequest[];

  /** Connection profile without its secrets; null for a direct connection. The vault has the whole profile. */
  @Column('jsonb', { nullable: true })
  profile!: StoredProfile | null;

  /** The vault's version of the profile; 0 if there is none. */
  @Column('integer', { name: 'profile_version', default: 0 })
  profileVersion!: number;

  /** When the last refresh was claimed: at most one is requested per interval. */
  @Column('timestamptz', { name: 'refreshed_at', default: () => 'now()' })
  refreshedAt!: Date;

  /** When the last refresh ended; null before the first. */
  @Column('timestamptz', { name: 'refresh_finished_at', nullable: true })
  refreshFinishedAt!: Date | null;

  /** Why the last refresh failed, also for a passing reason; null after a success. */
  @Column('text', { name: 'refresh_error', nullable: true })
  refreshError!: string | null;

  @Column('text', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
