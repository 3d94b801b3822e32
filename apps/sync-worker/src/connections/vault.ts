import type { ManagingVaultClient } from '@reunite/vault-client';

/** What the worker asks of the vault. */
export type Vault = Pick<
  ManagingVaultClient,
  'mintInstallationToken' | 'forgetTokens' | 'mintUserToken' | 'getApp' | 'listInstallations' | 'ready' | 'close'
>;
