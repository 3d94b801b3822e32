import { isCoded } from '@reunite/contracts';
import type { VaultClient } from '@reunite/vault-client';
import type { ReadSecrets } from './webhook-secrets.js';

/** The vault does not know the connection, or it has no app yet: there is no secret. */
const NO_SECRET_CODES = new Set<string>(['not-found', 'connection-pending']);

export function secretsOfVault(vault: Pick<VaultClient, 'getWebhookSecrets'>): ReadSecrets {
  return async (connectionId) => {
    try {
      // A delivery identifies a connection only; the vault knows its organization.
      return (await vault.getWebhookSecrets({ organizationId: '', connectionId })).secrets;
    } catch (error) {
      if (isCoded(error) && NO_SECRET_CODES.has(error.code)) return [];
      throw error;
    }
  };
}
