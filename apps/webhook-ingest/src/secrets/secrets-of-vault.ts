import { isCoded } from '@reunite/contracts';
import type { VaultClient } from '@reunite/vault-client';
import type { ReadSecrets } from './webhook-secrets.js';

/** Errors of the vault for a connection that does not exist or has no app yet, and therefore has no secret. */
const NO_SECRET_CODES = new Set<string>(['not-found', 'connection-pending']);

export function secretsOfVault(vault: Pick<VaultClient, 'getWebhookSecrets'>): ReadSecrets {
  return async (connectionId) => {
    try {
      // Empty: a delivery identifies only the connection, and the vault looks up its organization.
      return (await vault.getWebhookSecrets({ organizationId: '', connectionId })).secrets;
    } catch (error) {
      if (isCoded(error) && NO_SECRET_CODES.has(error.code)) return [];
      throw error;
    }
  };
}
