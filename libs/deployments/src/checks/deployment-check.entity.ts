import type { CheckName, CheckState } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one check said of a deployment's content. */
@Entity('deployment_check')
export class DeploymentCheckEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  @PrimaryColumn('text')
  name!: CheckName;

  @Column('text')
  state!: CheckState;

  /** One line, as the commit's status says it. */
  @Column('text')
  summary!: string;

  @Column('integer')
  errors!: number;

  @Column('integer')
  warnings!: number;

  /** How often it was started: one whose process dies each time must end all the same. */
  @Column('integer')
  attempts!: number;

  /** The deployment's commit, and later ones that changed nothing while the check was pending. */
  @Column('text', { array: true })
  commits!: string[];

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
