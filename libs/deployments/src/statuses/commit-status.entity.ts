import type { CommitState } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A commit status in the outbox. Rows of one repository, commit and context are sent in order. */
@Entity('commit_status')
export class CommitStatusEntity {
  @PrimaryColumn('bigint', { insert: false })
  sequence!: number;

  @Column('text', { name: 'repository_id' })
  repositoryId!: string;

  @Column('text')
  commit!: string;

  @Column('text')
  context!: string;

  @Column('text')
  state!: CommitState;

  @Column('text')
  description!: string;

  @Column('text', { name: 'target_url', nullable: true })
  targetUrl!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** When it was sent, or left out. */
  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;

  @Column('text', { nullable: true })
  outcome!: string | null;
}
