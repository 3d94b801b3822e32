import { VaultError } from '@reunite/vault-client';
import type { Vault } from '../vault.js';

/** Destroys a connection's credentials. The vault not knowing it is as good: it was never begun, or is deleted there already. */
export async function forgetCredentials(vault: Vault, organizationId: string, connectionId: string): Promise<void> {
  try {
    await vault.deleteConnection({ organizationId, connectionId });
  } catch (error) {
    if (!(error instanceof VaultError && error.code === 'not-found')) throw error;
  }
}
