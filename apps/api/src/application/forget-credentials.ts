import { VaultError } from '@reunite/vault-client';
import type { Caller } from '../auth/caller.js';
import type { Vault } from '../vault.js';

/** Destroys a connection's credentials. The vault not knowing it is as good: it was never begun, or is deleted there already. */
export async function forgetCredentials(vault: Vault, caller: Caller, connectionId: string): Promise<void> {
  try {
    const { organizationId, subject } = caller;
    await vault.deleteConnection({ organizationId, connectionId, subject });
  } catch (error) {
    if (!(error instanceof VaultError && error.code === 'not-found')) throw error;
  }
}
