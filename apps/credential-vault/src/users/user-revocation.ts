import { Inject, Injectable } from '@nestjs/common';
import {
  deleteAppAuthorization,
  deleteAppToken,
  GhesNotFoundError,
  GhesUnauthorizedError,
  refreshUserToken,
} from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { OAuthClient } from '../ghes/ghes-clients.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { withClientSecret } from './client-secret.error.js';
import { UserAccounts } from './user-accounts.js';
import type { StoredTokens } from './user-accounts.js';

/** Revokes what was prepared, as far as the server is reachable. Never rejects. */
export type Revoke = () => Promise<void>;

/**
 * Revokes users' tokens on their server in two steps: the transaction reads what the revocation needs, and the key
 * service and the server are called after the commit, because they must not prevent the deletion.
 */
@Injectable()
export class UserRevocation {
  constructor(
    private readonly accounts: UserAccounts,
    private readonly ghes: GhesClients,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Revokes the app's authorization by one user, or by all users of the connection, with all of its tokens. */
  ofAuthorizations(manager: EntityManager, connection: ConnectedConnection, subject?: string): Promise<Revoke> {
    return this.prepare(manager, connection, subject, async (client, tokens) => {
      const accessToken = await this.validAccessToken(client, tokens);
      const { clientId } = client;
      if (accessToken === undefined) return;
      await deleteAppAuthorization(this.ghes.asOAuthApp(client), { clientId, accessToken });
    });
  }

  /** Revokes the stored tokens; the authorization and its other tokens stay valid. */
  ofTokens(manager: EntityManager, connection: ConnectedConnection, subject: string): Promise<Revoke> {
    return this.prepare(manager, connection, subject, async (client, { accessToken }) => {
      await deleteAppToken(this.ghes.asOAuthApp(client), { clientId: client.clientId, accessToken });
    });
  }

  private async prepare(
    manager: EntityManager,
    connection: ConnectedConnection,
    subject: string | undefined,
    revoke: (client: OAuthClient, tokens: StoredTokens) => Promise<void>,
  ): Promise<Revoke> {
    const users = await this.accounts.lockTokens(manager, connection, subject);
    // The client secret is not needed without users, and one that does not decrypt must not prevent the deletion.
    if (users.length === 0) return () => Promise.resolve();
    const openClient = await this.ghes.oauthClientLater(manager, connection);
    return async () => {
      const client = openClient();
      const results = await Promise.allSettled(users.map(async (open) => revoke(await client, await open())));
      const failed = results.filter((result) => result.status === 'rejected' && !isGone(result.reason)).length;
      const fields = { connectionId: connection.id, revoked: users.length - failed, notRevoked: failed };
      this.logger.info(fields, 'user tokens revoked');
    };
  }

  /**
   * Revoking an authorization requires a valid access token. If the stored one has expired, the refresh token, which is
   * valid for months, gives a new one.
   *
   * @returns undefined if the server rejects the refresh token too
   */
  private async validAccessToken(
    client: OAuthClient,
    { accessToken, refreshToken, expiresAt }: StoredTokens,
  ): Promise<string | undefined> {
    const isExpired = expiresAt !== null && expiresAt.getTime() <= Date.now();
    if (!isExpired || refreshToken === undefined) return accessToken;
    try {
      const app = this.ghes.oauthApp(client);
      return (await withClientSecret(client, () => refreshUserToken(app, { refreshToken }))).access_token;
    } catch (error) {
      if (error instanceof GhesUnauthorizedError) return undefined;
      throw error;
    }
  }
}

/** A token that the server no longer has needs no revocation. */
function isGone(error: unknown): boolean {
  return error instanceof GhesNotFoundError;
}
