import type { ConnectionEntity } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { Vault } from './vault.js';

/** The vault's codes for a connection without an app: it has no tokens. */
const WITHOUT_APP = new Set(['connection-pending', 'not-found']);

/**
 * Makes the vault discard the connection's tokens, because their permissions changed on the server. Idempotent; the
 * next use of each token costs one request to mint a new one. Requests in flight may still use the old tokens.
 */
export async function forgetTokens(vault: Vault, { id, organizationId }: ConnectionEntity): Promise<void> {
  try {
    await vault.forgetTokens({ organizationId, connectionId: id });
  } catch (error) {
    if (!isCoded(error) || !WITHOUT_APP.has(error.code)) throw error;
  }
}
