import type { ConnectionEntity } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { Vault } from './vault.js';

/** The vault's codes for a connection that has no app there yet, or no more: then it has no tokens either. */
const noApp = new Set(['connection-pending', 'not-found']);

/**
 * Has the vault give out none of the connection's tokens from before: what they may has changed at the server. Safe to
 * repeat at any time, for it only costs a minting each time; and whoever works with such a token still may.
 */
export async function forgetTokens(vault: Vault, { id, organizationId }: ConnectionEntity): Promise<void> {
  try {
    await vault.forgetTokens({ organizationId, connectionId: id });
  } catch (error) {
    if (!isCoded(error) || !noApp.has(error.code)) throw error;
  }
}
