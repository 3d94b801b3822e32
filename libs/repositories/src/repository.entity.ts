import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A repository that an installation reaches, or reached. Projects are made of it; its refs and content hang on it. */
@Entity('repository')
export class RepositoryEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'connection_id' })
  connectionId!: string;

  @Column('bigint', { name: 'installation_id' })
  installationId!: number;

  /** The server's id; owner and name may change, this does not. */
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

  /** False once the installation no longer reaches it. */
  @Column('boolean')
  available!: boolean;

  /** The server's time up to which its changed pull requests were read; null before that was done. */
  @Column('timestamptz', { name: 'pull_requests_read_to', nullable: true })
  pullRequestsReadTo!: Date | null;
}
