import type { ConnectionEntity } from '@reunite/connections';
import type { MintedToken, TokenProvider, TokenRefresh } from '@reunite/ghes-client';
import type { Vault } from './vault.js';
import { OriginMismatchError } from './origin-mismatch.error.js';

/** What a token is narrowed to. */
export interface TokenScope {
  readonly installationId: number;
  /** Empty for all that the installation reaches. */
  readonly repositoryIds: number[];
  readonly permissions: Record<string, 'read' | 'write'>;
}

/** What a client asks for a token. */
export interface TokenSource {
  readonly token: TokenProvider;
  readonly refresh: TokenRefresh;
}

/** Tokens as the vault gives them, for one scope. */
export function installationTokens(vault: Vault, connection: ConnectionEntity, scope: TokenScope): TokenSource {
  const { organizationId, id: connectionId } = connection;
  const token = async (): Promise<MintedToken> => {
    const minted = await vault.mintInstallationToken({ organizationId, connectionId, ...scope });
    // The vault bound it to an origin of its own record; ours must be the same before anything is sent (P6).
    if (minted.origin !== connection.origin) throw new OriginMismatchError(connectionId);
    return { token: minted.token, mintedAt: Date.now() - minted.ageMs };
  };
  /** The server knows a token no more that the vault still holds: revoked there, or restored from a backup. */
  const refresh = async (refused: string): Promise<MintedToken> => {
    const current = await token();
    // Of several requests that were refused, the first had the tokens forgotten.
    if (current.token !== refused) return current;
    await vault.forgetTokens({ organizationId, connectionId });
    return token();
  };
  return { token, refresh };
}
