import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A pull request as the server last described it. */
@Entity('pull_request')
export class PullRequestEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'repository_id' })
  repositoryId!: string;

  @Column('integer')
  number!: number;

  @Column('text')
  title!: string;

  @Column('text')
  state!: 'open' | 'closed' | 'merged';

  @Column('boolean')
  draft!: boolean;

  @Column('text')
  author!: string;

  @Column('text', { name: 'head_branch' })
  headBranch!: string;

  @Column('text', { name: 'head_commit' })
  headCommit!: string;

  @Column('text', { name: 'base_branch' })
  baseBranch!: string;

  /** Whether the head lies in another repository. */
  @Column('boolean')
  fork!: boolean;

  @Column('text', { name: 'html_url' })
  htmlUrl!: string;

  /** The server's time of its last change: an older description never replaces a newer one. */
  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
