import { Column, Entity } from 'typeorm';
import { FlowEntity } from '../flows/flow.entity.js';

/** A pending sign-in of a user on the server. */
@Entity('sign_in_flow')
export class SignInFlowEntity extends FlowEntity {
  @Column('text', { name: 'redirect_uri' })
  redirectUri!: string;

  /** Version of the user's `pkce-verifier` credential for this flow. */
  @Column('integer', { name: 'verifier_version' })
  verifierVersion!: number;
}
