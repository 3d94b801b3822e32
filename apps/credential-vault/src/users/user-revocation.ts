import { Inject, Injectable } from '@nestjs/common';
import {
  deleteAppAuthorization,
  deleteAppToken,
  GhesNotFoundError,
  refreshUserToken,
  GhesUnauthorizedError,
} from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { OAuthClient } from '../ghes/ghes-clients.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { withClientSecret } from './client-secret.error.js';
import { UserAccounts } from './user-accounts.js';
import type { KeptTokens } from './user-accounts.js';

/** Does what was prepared, as far as the server can be reached; never fails. */
export type Revoke = () => Promise<void>;

/**
 * Makes people's tokens void at their server. What that needs is read while it is still here; key service and server are
 * asked after the commit, since they must not keep anything from being destroyed.
 */
@Injectable()
export class UserRevocation {
  constructor(
    private readonly accounts: UserAccounts,
    private readonly ghes: GhesClients,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Every token that the app has for one person, or for everybody: the person has to authorize the app again. */
  ofAuthorizations(manager: EntityManager, connection: ConnectedConnection, subject?: string): Promise<Revoke> {
    return this.prepare(manager, connection, subject, async (client, tokens) => {
      const accessToken = await this.living(client, tokens);
      const { clientId } = client;
      if (accessToken === undefined) return;
      await deleteAppAuthorization(this.ghes.asOAuthApp(client), { clientId, accessToken });
    });
  }

  /** The tokens that are kept now, where the authorization goes on with others. */
  ofTokens(manager: EntityManager, connection: ConnectedConnection, subject: string): Promise<Revoke> {
    return this.prepare(manager, connection, subject, async (client, { accessToken }) => {
      await deleteAppToken(this.ghes.asOAuthApp(client), { clientId: client.clientId, accessToken });
    });
  }

  private async prepare(
    manager: EntityManager,
    connection: ConnectedConnection,
    subject: string | undefined,
    revoke: (client: OAuthClient, tokens: KeptTokens) => Promise<void>,
  ): Promise<Revoke> {
    const people = await this.accounts.lockTokens(manager, connection, subject);
    // Without anybody signed in the client secret is left alone; one that does not decrypt keeps nobody from leaving.
    if (people.length === 0) return () => Promise.resolve();
    const openClient = await this.ghes.oauthClientLater(manager, connection);
    return async () => {
      const client = openClient();
      const results = await Promise.allSettled(people.map(async (open) => revoke(await client, await open())));
      const failed = results.filter((result) => result.status === 'rejected' && !isGone(result.reason)).length;
      const fields = { connectionId: connection.id, revoked: people.length - failed, notRevoked: failed };
      this.logger.info(fields, 'tokens of people were revoked');
    };
  }

  /**
   * An authorization is ended by a token that is good; one that has expired leaves a refresh token that is good for
   * months. Undefined where that is void, too.
   */
  private async living(
    client: OAuthClient,
    { accessToken, refreshToken, expiresAt }: KeptTokens,
  ): Promise<string | undefined> {
    const expired = expiresAt !== null && expiresAt.getTime() <= Date.now();
    if (!expired || refreshToken === undefined) return accessToken;
    try {
      const app = this.ghes.oauthApp(client);
      return (await withClientSecret(client, () => refreshUserToken(app, { refreshToken }))).access_token;
    } catch (error) {
      if (error instanceof GhesUnauthorizedError) return undefined;
      throw error;
    }
  }
}

/** What the server does not know any more need not be revoked. */
function isGone(error: unknown): boolean {
  return error instanceof GhesNotFoundError;
}
