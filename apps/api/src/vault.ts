import type { VaultClient } from '@reunite/vault-client';

export const VAULT = Symbol('credential vault');

/** What the API asks of the vault; its certificate allows no more. */
export type Vault = Pick<VaultClient, 'beginManifest' | 'completeManifest' | 'deleteConnection' | 'close'>;
