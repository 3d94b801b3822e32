import type { ManagingVaultClient } from '@reunite/vault-client';

export const VAULT = Symbol('credential vault');

/** What the API asks of the vault; its certificate allows no more. */
export type Vault = Pick<
  ManagingVaultClient,
  | 'beginManifest'
  | 'completeManifest'
  | 'registerApp'
  | 'rotatePrivateKey'
  | 'rotateClientSecret'
  | 'rotateWebhookSecret'
  | 'beginUserSignIn'
  | 'completeUserSignIn'
  | 'confirmUserSignIn'
  | 'getUserAccount'
  | 'endUserSignIn'
  | 'deleteConnection'
  | 'ready'
  | 'close'
>;
