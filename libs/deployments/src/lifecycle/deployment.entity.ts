import type { DeploymentState, DeploymentTrigger, Environment } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One build of a project's content at one commit of one ref. */
@Entity('deployment')
export class DeploymentEntity {
  /** Sorts by time of creation. */
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

  /** Later commits of its ref that changed nothing and share its build. A finished deployment keeps the newest ones. */
  @Column('text', { name: 'later_commits', array: true })
  laterCommits!: string[];

  /** Commits of other branches with the content of this production deployment, which is their preview. */
  @Column('text', { name: 'previewed_commits', array: true })
  previewedCommits!: string[];

  /** Tree of the project's folder at the commit: the content that is built. */
  @Column('text')
  tree!: string;

  /** Generation of the ref that it was created for. A later one supersedes it. */
  @Column('bigint')
  generation!: number;

  @Column('text')
  state!: DeploymentState;

  /** Why it failed, was cancelled or removed. */
  @Column('text', { nullable: true })
  reason!: string | null;

  /** Why its build failed. Stays when the deployment is removed, unlike `reason`. */
  @Column('text', { nullable: true })
  failure!: string | null;

  /** Number of starts of its build. Limited, so that a build that kills its worker is not repeated forever. */
  @Column('integer')
  attempts!: number;

  /** Pages that were built; null unless the build succeeded. Stays when the deployment is removed. */
  @Column('integer', { nullable: true })
  pages!: number | null;

  /** Total size of the files of its site; null before its build, and for builds of earlier releases. */
  @Column('bigint', { name: 'artifact_bytes', nullable: true })
  artifactBytes!: number | null;

  /** True for the deployment that its project (production) or ref (preview) shows; at most one. */
  @Column('boolean')
  current!: boolean;

  @Column('text')
  trigger!: DeploymentTrigger;

  /** The caller that re-deployed or promoted it: the subject for the record, the name for display. */
  @Column('text', { name: 'triggered_by_subject', nullable: true })
  triggeredBySubject!: string | null;

  @Column('text', { name: 'triggered_by_name', nullable: true })
  triggeredByName!: string | null;

  /** The deployment that was re-deployed or promoted. It may be deleted. */
  @Column('text', { name: 'source_id', nullable: true })
  sourceId!: string | null;

  /** True once the ref is no longer deployed. Ignored if the ref is deployed again. */
  @Column('boolean')
  closed!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
