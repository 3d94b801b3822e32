import type { CheckName, Finding } from '@reunite/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One diagnostic of a check, in the order of the files. */
@Entity('deployment_finding')
export class DeploymentFindingEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  @PrimaryColumn('text')
  name!: CheckName;

  @PrimaryColumn('integer')
  sequence!: number;

  @Column('text')
  severity!: Finding['severity'];

  @Column('text')
  rule!: string;

  @Column('text')
  message!: string;

  @Column('text', { nullable: true })
  file!: string | null;

  @Column('integer', { nullable: true })
  line!: number | null;

  @Column('integer', { name: 'column_number', nullable: true })
  column!: number | null;

  /** Whether production did not have it; null if they were not compared. */
  @Column('boolean', { name: 'is_new', nullable: true })
  isNew!: boolean | null;
}
