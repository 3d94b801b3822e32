import { Injectable } from '@nestjs/common';
import type { InstallationToken, MintInstallationTokenRequest } from '@reunite/contracts';
import { createInstallationAccessToken, revokeInstallationAccessToken } from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Connections } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { canonicalJson } from '../crypto/canonical.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { countToken } from '../vault-metrics.js';
import { TokenCache } from './token-cache.js';
import type { TimedToken } from './token-cache.js';

type TokenScope = Pick<MintInstallationTokenRequest, 'installationId' | 'repositoryIds' | 'permissions'>;

/** Minimum remaining lifetime of a token that is handed out, in ms, so that its recipient has time to use it. */
const MARGIN_MS = 300_000;

/** The longest that a caller waits for a token, in ms. */
const MINT_TIMEOUT_MS = 30_000;

/** Mints installation tokens that are narrowed to the request, and caches them until shortly before they expire. */
@Injectable()
export class InstallationTokenService {
  private readonly cache = new TokenCache();

  constructor(
    private readonly ghes: GhesClients,
    private readonly connections: Connections,
  ) {}

  /** @returns a cached token for exactly this request, if one lives long enough */
  cached(connection: ConnectedConnection, request: MintInstallationTokenRequest): InstallationToken | undefined {
    const cached = this.cache.cached(keyOf(connection, scopeOf(request)));
    return cached && toMessage(connection, cached);
  }

  async mint(connection: ConnectedConnection, request: MintInstallationTokenRequest): Promise<InstallationToken> {
    const scope = scopeOf(request);
    const key = keyOf(connection, scope);
    const isCached = this.cache.cached(key) !== undefined;
    try {
      const token = await this.cache.get(connection, key, () => this.mintAtServer(connection, scope));
      countToken('installation', isCached ? 'cached' : 'minted');
      return toMessage(connection, token);
    } catch (error) {
      countToken('installation', 'failed');
      throw error;
    }
  }

  /**
   * From the commit on, no replica hands out a token that was minted before. The tokens stay valid on the server until
   * they expire, for the callers that have one.
   */
  async forget(manager: EntityManager, connection: ConnectedConnection): Promise<void> {
    await manager.increment(ConnectionEntity, { id: connection.id }, 'tokenEpoch', 1);
  }

  /** Removes the connection's tokens from the cache and revokes them on the server, as far as it is reachable. */
  async revokeAll(connection: ConnectedConnection): Promise<{ revoked: number; failed: number }> {
    const tokens = await this.cache.drop(connection.id);
    const results = await Promise.allSettled(
      tokens.map(async (token) => revokeInstallationAccessToken(await this.ghes.withToken(connection, token))),
    );
    const failed = results.filter(({ status }) => status === 'rejected').length;
    return { revoked: tokens.length - failed, failed };
  }

  /** Revokes the tokens of connections that another replica deleted: only this replica has them. */
  async revokeDeleted(): Promise<void> {
    const cached = this.cache.connections();
    if (cached.length === 0) return;
    const existing = await this.connections.existing(cached.map(({ id }) => id));
    const deleted = cached.filter(({ id }) => !existing.has(id));
    await Promise.all(deleted.map((connection) => this.revokeAll(connection)));
    for (const { id } of deleted) this.ghes.forget(id);
  }

  private async mintAtServer(connection: ConnectedConnection, scope: TokenScope): Promise<TimedToken> {
    // Callers share the request, so it has a deadline of its own instead of the first caller's.
    const client = (await this.ghes.asApp(connection)).withSignal(AbortSignal.timeout(MINT_TIMEOUT_MS));
    const { installationId, repositoryIds, permissions } = scope;
    const minted = await createInstallationAccessToken(client, {
      installationId,
      permissions,
      // To a server, an empty list means no repository; in our messages it means all of them.
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

/** Contains the connection and its origin: two servers may have equal app, installation and repository ids (P6). */
function keyOf({ id, origin, appId, tokenEpoch }: ConnectedConnection, scope: TokenScope): string {
  const { installationId, repositoryIds, permissions } = scope;
  return canonicalJson([id, origin, appId, tokenEpoch, installationId, repositoryIds, permissions]);
}

function toMessage({ origin }: ConnectedConnection, { token, expiresAt, mintedAt }: TimedToken): InstallationToken {
  return { token, expiresAt, origin, ageMs: Math.max(0, Date.now() - mintedAt) };
}
