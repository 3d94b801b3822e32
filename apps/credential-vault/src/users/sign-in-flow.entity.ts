import { Column, Entity } from 'typeorm';
import { FlowEntity } from '../flows/flow.entity.js';

/** A sign-in of a person at the server that was begun. */
@Entity('sign_in_flow')
export class SignInFlowEntity extends FlowEntity {
  @Column('text', { name: 'redirect_uri' })
  redirectUri!: string;

  /** Version of the person's credential `pkce-verifier` that belongs to this flow. */
  @Column('integer', { name: 'verifier_version' })
  verifierVersion!: number;
}
