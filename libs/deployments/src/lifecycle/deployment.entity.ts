import type { DeploymentState, DeploymentTrigger, Environment } from '@reunite/contracts';
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

  /** Later commits of its ref that changed nothing: what is said of it is said of them too. Of one that has ended the last ones. */
  @Column('text', { name: 'later_commits', array: true })
  laterCommits!: string[];

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

  /** How often its build was started: one whose worker dies each time must end all the same. */
  @Column('integer')
  attempts!: number;

  @Column('integer', { nullable: true })
  pages!: number | null;

  /** Whether its project (production) or ref (preview) shows this deployment now; at most one does. */
  @Column('boolean')
  current!: boolean;

  /** What made it. */
  @Column('text')
  trigger!: DeploymentTrigger;

  /** Who asked for it, where a person did; the subject is for the record, the name for people. */
  @Column('text', { name: 'triggered_by_subject', nullable: true })
  triggeredBySubject!: string | null;

  @Column('text', { name: 'triggered_by_name', nullable: true })
  triggeredByName!: string | null;

  /** The deployment that was re-deployed or promoted; it may be gone. */
  @Column('text', { name: 'source_id', nullable: true })
  sourceId!: string | null;

  /** Its ref stopped being deployed after it: when it is deployed again, this one does not count. */
  @Column('boolean')
  closed!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
