import { isCoded } from '@reunite/contracts';
import type { VaultClient } from '@reunite/vault-client';
import type { ReadSecrets } from './webhook-secrets.js';

/** A connection that the vault does not know, or that has no app yet, has no secret. */
const without = new Set(['not-found', 'connection-pending']);

export function secretsOfVault(vault: Pick<VaultClient, 'getWebhookSecrets'>): ReadSecrets {
  return async (connectionId) => {
    try {
      // A delivery tells the connection only; the organization follows from it.
      return (await vault.getWebhookSecrets({ organizationId: '', connectionId })).secrets;
    } catch (error) {
      if (isCoded(error) && without.has(error.code)) return [];
      throw error;
    }
  };
}
