import { Column, Entity } from 'typeorm';
import { FlowEntity } from '../flows/flow.entity.js';

/** A manifest flow that was begun. */
@Entity('manifest_flow')
export class ManifestFlowEntity extends FlowEntity {
  @Column('text')
  origin!: string;

  @Column('text')
  owner!: string;
}
