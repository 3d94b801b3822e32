import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FlowStates } from '../flows/flow-states.js';
import { ManifestFlowEntity } from './manifest-flow.entity.js';
import { ManifestStateError } from './manifest-state.error.js';

@Injectable()
export class ManifestStates extends FlowStates<ManifestFlowEntity> {
  constructor(dataSource: DataSource) {
    super(dataSource, ManifestFlowEntity, (reason) => new ManifestStateError(reason));
  }
}
