import { isNotGranted } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import type { NeededPermissions } from '@reunite/contracts';
import type { MintedToken, TokenProvider, TokenRefresh } from '@reunite/ghes-client';
import { VaultError } from '@reunite/vault-client';
import { OriginMismatchError } from './origin-mismatch.error.js';
import type { Vault } from './vault.js';

/** The repositories and permissions that a token is limited to. */
export interface TokenScope {
  readonly installationId: number;
  /** Empty for all repositories of the installation. */
  readonly repositoryIds: number[];
  readonly permissions: NeededPermissions;
  /**
   * `sub` of the actor that the token is needed for, recorded in the vault's audit; absent for the worker's own work.
   */
  readonly subject?: string;
}

export interface TokenSource {
  readonly token: TokenProvider;
  readonly refresh: TokenRefresh;
}

/** Provides the vault's tokens of one scope to a client. */
export function installationTokens(vault: Vault, connection: ConnectionEntity, scope: TokenScope): TokenSource {
  const { organizationId, id: connectionId } = connection;
  const mint = async () => {
    try {
      return await vault.mintInstallationToken({ organizationId, connectionId, ...scope });
    } catch (error) {
      throw explained(error, scope);
    }
  };
  const token = async (): Promise<MintedToken> => {
    const minted = await mint();
    // The vault binds the token to the origin in its own record; ours must match before anything is sent (P6).
    if (minted.origin !== connection.origin) throw new OriginMismatchError(connectionId);
    return { token: minted.token, mintedAt: Date.now() - minted.ageMs };
  };
  /**
   * The server rejects a token that the vault considers valid: it was revoked, or the server restored from a backup.
   */
  const refresh = async (rejected: string): Promise<MintedToken> => {
    const current = await token();
    // Another request has refreshed it already.
    if (current.token !== rejected) return current;
    await vault.forgetTokens({ organizationId, connectionId });
    return token();
  };
  return { token, refresh };
}

/** Adds what the server leaves out: which thing the token was for. The code stays, and the server's words follow. */
function explained(error: unknown, { installationId, permissions }: TokenScope): unknown {
  if (!(error instanceof VaultError)) return error;
  const needed = Object.entries(permissions).map(([name, level]) => `${name}: ${level}`);
  const reason = isNotGranted(error)
    ? `The app lacks a permission; it needs ${needed.join(', ')}. Grant it on the page of the app on the server, and accept the change on the installation.`
    : reasons(installationId)[error.code];
  return reason === undefined ? error : new VaultError(`${reason} (${error.message})`, error.code, { cause: error });
}

const reasons = (installationId: number): Partial<Record<string, string>> => ({
  'ghes-not-found': `The app is no longer installed as installation ${installationId}. A new installation is found automatically; if the app was uninstalled, install it again.`,
  'ghes-validation':
    'The installation of the app no longer includes the repository. Include it in the settings of the installation.',
});
