import type { UnavailableCause } from './repository-state.rules.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A repository that an installation can access, or could. Projects are connected to it; it owns its refs and content.
 */
@Entity('repository')
export class RepositoryEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'connection_id' })
  connectionId!: string;

  @Column('bigint', { name: 'installation_id' })
  installationId!: number;

  /** The server's id. It never changes, unlike owner and name. */
  @Column('bigint', { name: 'github_id' })
  githubId!: number;

  @Column('text')
  owner!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'default_branch' })
  defaultBranch!: string;

  @Column('boolean')
  private!: boolean;

  /** False if the installation no longer has access to it. */
  @Column('boolean')
  available!: boolean;

  /** Why it is not available; null while it is. */
  @Column('text', { name: 'unavailable_cause', nullable: true })
  unavailableCause!: UnavailableCause | null;

  /** Read-only on the server. */
  @Column('boolean', { default: false })
  archived!: boolean;

  /** `owner/name` before the last rename or transfer. */
  @Column('text', { name: 'former_name', nullable: true })
  formerName!: string | null;

  @Column('timestamptz', { name: 'renamed_at', nullable: true })
  renamedAt!: Date | null;

  /** Default branch before the last change. */
  @Column('text', { name: 'former_default_branch', nullable: true })
  formerDefaultBranch!: string | null;

  /** Why the last reconciliation failed; null after a success. */
  @Column('text', { name: 'reconcile_error', nullable: true })
  reconcileError!: string | null;

  /** Server time up to which changed pull requests were read; null before the first reconciliation. */
  @Column('timestamptz', { name: 'pull_requests_read_to', nullable: true })
  pullRequestsReadTo!: Date | null;
}
