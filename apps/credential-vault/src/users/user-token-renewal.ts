import { Injectable } from '@nestjs/common';
import { GhesUnauthorizedError, refreshUserToken } from '@reunite/ghes-client';
import type { UserToken } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import { KeyedConcurrencyLimit } from '../concurrency/keyed-concurrency-limit.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { withClientSecret } from './client-secret.error.js';
import type { BrokenReason, UserAccountEntity } from './user-account.entity.js';
import { UserAccounts } from './user-accounts.js';

/**
 * A renewal keeps a database connection while it waits for its server. Unresponsive servers must not take the whole
 * pool, nor those of one organization the share of the others.
 */
const CONCURRENCY = { total: 6, perKey: 2 };

/** Renews users' tokens. A refresh token works once, so one replica at a time may use it. */
@Injectable()
export class UserTokenRenewal {
  private readonly limit = new KeyedConcurrencyLimit(CONCURRENCY);

  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly ghes: GhesClients,
  ) {}

  /**
   * Exchanges the refresh token and commits the new tokens before anything else: the server voids the previous ones.
   * The account stays unchanged if the server is unreachable.
   *
   * @param read the account as the caller read it; one that was renewed since is left as it is
   * @param brokenReason stored if the server rejects the refresh token
   * @returns the account afterwards; null if it no longer exists
   * @throws ClientSecretError, or the error of the request
   */
  renew(
    connection: ConnectedConnection,
    read: UserAccountEntity,
    brokenReason: BrokenReason,
  ): Promise<UserAccountEntity | null> {
    return this.limit.run(connection.organizationId, async () => {
      // The key service is called before the transaction. The values are valid if the account has not been renewed
      // since.
      const client = await this.ghes.oauthClient(connection);
      const refreshToken = await this.accounts.refreshToken(connection, read.subject);
      const store = await this.accounts.reserve(connection, read.subject);
      const refresh = (token: string) =>
        withClientSecret(client, () => refreshUserToken(this.ghes.oauthApp(client), { refreshToken: token }));
      return this.dataSource.transaction(async (manager) => {
        const account = await this.accounts.lock(manager, connection, read.subject);
        const wasRenewed = account?.renewedAt.getTime() !== read.renewedAt.getTime();
        if (!account || wasRenewed || account.brokenReason !== null) return account;
        const tokens = refreshToken === undefined ? null : await nullIfRejected(refresh(refreshToken));
        if (tokens) return store(manager, tokens, { verifiedAt: new Date() });
        await this.accounts.update(account, { brokenReason }, manager);
        return this.accounts.lock(manager, connection, read.subject);
      });
    });
  }
}

async function nullIfRejected(refreshed: Promise<UserToken>): Promise<UserToken | null> {
  try {
    return await refreshed;
  } catch (error) {
    if (error instanceof GhesUnauthorizedError) return null;
    throw error;
  }
}
