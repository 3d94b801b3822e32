import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One line of a build's log, in order. */
@Entity('deployment_log')
export class DeploymentLogEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  @PrimaryColumn('integer')
  sequence!: number;

  @Column('timestamptz')
  at!: Date;

  @Column('text')
  level!: 'info' | 'warning' | 'error';

  @Column('text')
  message!: string;

  @Column('text', { nullable: true })
  file!: string | null;

  @Column('integer', { nullable: true })
  line!: number | null;
}
