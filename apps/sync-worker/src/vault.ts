import type { VaultClient } from '@reunite/vault-client';

/** What the worker asks of the vault. */
export type Vault = Pick<VaultClient, 'mintInstallationToken' | 'getApp' | 'listInstallations' | 'ready' | 'close'>;
