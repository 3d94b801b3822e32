import type { CheckName, CheckState } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The result of one check of a deployment's content. */
@Entity('deployment_check')
export class DeploymentCheckEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  @PrimaryColumn('text')
  name!: CheckName;

  @Column('text')
  state!: CheckState;

  /** One line, the description of the commit status. */
  @Column('text')
  summary!: string;

  @Column('integer')
  errors!: number;

  @Column('integer')
  warnings!: number;

  /** Errors of a preview that production did not have; null if they were not compared. */
  @Column('integer', { name: 'new_errors', nullable: true })
  newErrors!: number | null;

  @Column('integer', { name: 'new_warnings', nullable: true })
  newWarnings!: number | null;

  /** Number of starts. Limited, so that a check that kills its process is not repeated forever. */
  @Column('integer')
  attempts!: number;

  /**
   * Read only by workers of the release before `deployment.previewed_commits`. Statuses follow from the commits of the
   * deployment.
   */
  @Column('text', { array: true })
  commits!: string[];

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
