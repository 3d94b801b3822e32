import type { ManagingVaultClient } from '@reunite/vault-client';

/** The calls of the vault that the worker makes. */
export type Vault = Pick<
  ManagingVaultClient,
  | 'mintInstallationToken'
  | 'forgetTokens'
  | 'mintUserToken'
  | 'getApp'
  | 'listInstallations'
  | 'getConnectionProfile'
  | 'getWebhook'
  | 'pingWebhook'
  | 'listWebhookDeliveries'
  | 'redeliverWebhooks'
  | 'readWebhookDelivery'
  | 'ready'
  | 'close'
>;
