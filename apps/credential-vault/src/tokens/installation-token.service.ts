import { Injectable } from '@nestjs/common';
import type { InstallationToken, MintInstallationTokenRequest } from '@reunite/contracts';
import { createInstallationAccessToken, revokeInstallationAccessToken } from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Connections } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { canonicalJson } from '../crypto/canonical.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { TokenCache } from './token-cache.js';
import type { TimedToken } from './token-cache.js';

type TokenScope = Pick<MintInstallationTokenRequest, 'installationId' | 'repositoryIds' | 'permissions'>;

/** A token is handed out until this long before it expires, so that whoever gets it has time to use it. */
const MARGIN_MS = 300_000;

/** Installation tokens, narrowed to what was asked for, from the cache where one is good for long enough. */
@Injectable()
export class InstallationTokenService {
  private readonly cache = new TokenCache();

  constructor(
    private readonly ghes: GhesClients,
    private readonly connections: Connections,
  ) {}

  /** @returns a token that was minted before for the very same, if there is one that is good for long enough */
  held(connection: ConnectedConnection, request: MintInstallationTokenRequest): InstallationToken | undefined {
    const held = this.cache.held(keyOf(connection, scopeOf(request)));
    return held && handOut(connection, held);
  }

  async mint(connection: ConnectedConnection, request: MintInstallationTokenRequest): Promise<InstallationToken> {
    const scope = scopeOf(request);
    const mint = () => this.mintAtServer(connection, scope);
    return handOut(connection, await this.cache.get(connection, keyOf(connection, scope), mint));
  }

  /**
   * From the commit on nobody is given a token from before, by any replica. The tokens stay good at the server, for
   * those that work with them, until they expire.
   */
  async forget(manager: EntityManager, connection: ConnectedConnection): Promise<void> {
    await manager.increment(ConnectionEntity, { id: connection.id }, 'tokenEpoch', 1);
  }

  /** Drops the connection's cached tokens and revokes them at the server, as far as it can be reached. */
  async revokeAll(connection: ConnectedConnection): Promise<{ revoked: number; failed: number }> {
    const tokens = await this.cache.drop(connection.id);
    const results = await Promise.allSettled(
      tokens.map((token) => revokeInstallationAccessToken(this.ghes.withToken(connection, token))),
    );
    const failed = results.filter(({ status }) => status === 'rejected').length;
    return { revoked: tokens.length - failed, failed };
  }

  /** The same for connections that another replica has deleted: only this one knows the tokens that it gave out. */
  async revokeDeleted(): Promise<void> {
    const held = this.cache.connections();
    if (held.length === 0) return;
    const existing = await this.connections.existing(held.map(({ id }) => id));
    const gone = held.filter(({ id }) => !existing.has(id));
    await Promise.all(gone.map((connection) => this.revokeAll(connection)));
    await Promise.all(gone.map(({ id }) => this.ghes.forget(id)));
  }

  private async mintAtServer(connection: ConnectedConnection, scope: TokenScope): Promise<TimedToken> {
    const client = this.ghes.asApp(connection);
    const { installationId, repositoryIds, permissions } = scope;
    const minted = await createInstallationAccessToken(client, {
      installationId,
      permissions,
      // An empty list is no repository at all to a server, no narrowing to a caller.
      repositoryIds: repositoryIds.length === 0 ? undefined : repositoryIds,
    });
    const expiresAtMs = Date.parse(minted.expires_at) - client.clockSkewSeconds() * 1_000;
    const renewAt = expiresAtMs - MARGIN_MS;
    return { token: minted.token, expiresAt: minted.expires_at, mintedAt: Date.now(), renewAt };
  }
}

function scopeOf({ installationId, repositoryIds, permissions }: MintInstallationTokenRequest): TokenScope {
  return { installationId, permissions, repositoryIds: [...new Set(repositoryIds)].sort((a, b) => a - b) };
}

/** The whole key: two servers may have the same app, installation and repository ids (P6). */
function keyOf({ id, origin, appId, tokenEpoch }: ConnectedConnection, scope: TokenScope): string {
  const { installationId, repositoryIds, permissions } = scope;
  return canonicalJson([id, origin, appId, tokenEpoch, installationId, repositoryIds, permissions]);
}

function handOut({ origin }: ConnectedConnection, { token, expiresAt, mintedAt }: TimedToken): InstallationToken {
  return { token, expiresAt, origin, ageMs: Math.max(0, Date.now() - mintedAt) };
}
