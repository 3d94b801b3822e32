import type { ManagingVaultClient } from '@reunite/vault-client';

export const VAULT = Symbol('credential vault');

/** Methods of the vault that the API's certificate allows. */
export type Vault = Pick<
  ManagingVaultClient,
  | 'beginManifest'
  | 'completeManifest'
  | 'registerApp'
  | 'rotatePrivateKey'
  | 'rotateClientSecret'
  | 'rotateWebhookSecret'
  | 'replaceConnectionProfile'
  | 'inspectServerCertificate'
  | 'repairWebhook'
  | 'beginUserSignIn'
  | 'completeUserSignIn'
  | 'confirmUserSignIn'
  | 'getUserAccount'
  | 'endUserSignIn'
  | 'listAuditRecords'
  | 'getTokenUsage'
  | 'deleteConnection'
  | 'ready'
  | 'close'
>;
