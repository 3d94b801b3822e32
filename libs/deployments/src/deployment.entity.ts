import type { DeploymentState, Environment } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One build of a project's content at one commit of one ref. */
@Entity('deployment')
export class DeploymentEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  environment!: Environment;

  @Column('text', { name: 'ref_name' })
  refName!: string;

  @Column('text')
  commit!: string;

  /** Root tree of the commit: what is built. */
  @Column('text')
  tree!: string;

  /** Generation of the ref that it was made for: a later one supersedes it. */
  @Column('bigint')
  generation!: number;

  @Column('text')
  state!: DeploymentState;

  /** Why it failed, was skipped or removed. */
  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('integer', { nullable: true })
  pages!: number | null;

  /** Whether its project (production) or ref (preview) shows this deployment now; at most one does. */
  @Column('boolean')
  current!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
