import { Column, Entity } from 'typeorm';
import { FlowEntity } from '../flows/flow.entity.js';

/** A pending manifest flow. */
@Entity('manifest_flow')
export class ManifestFlowEntity extends FlowEntity {
  @Column('text')
  origin!: string;

  @Column('text')
  owner!: string;
}
