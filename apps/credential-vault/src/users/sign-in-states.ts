import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FlowStates } from '../flows/flow-states.js';
import { SignInFlowEntity } from './sign-in-flow.entity.js';
import { SignInStateError } from './sign-in-state.error.js';

@Injectable()
export class SignInStates extends FlowStates<SignInFlowEntity> {
  constructor(dataSource: DataSource) {
    super(dataSource, SignInFlowEntity, (reason) => new SignInStateError(reason));
  }
}
