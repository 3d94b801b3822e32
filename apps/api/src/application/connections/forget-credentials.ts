import { VaultError } from '@reunite/vault-client';
import type { Caller } from '../../auth/caller.js';
import type { Vault } from '../../vault.js';

/** Destroys the credentials of a connection. Succeeds if the vault has none. */
export async function forgetCredentials(vault: Vault, caller: Caller, connectionId: string): Promise<void> {
  try {
    const { organizationId, subject } = caller;
    await vault.deleteConnection({ organizationId, connectionId, subject });
  } catch (error) {
    if (!(error instanceof VaultError && error.code === 'not-found')) throw error;
  }
}
