import { Injectable } from '@nestjs/common';
import { refreshUserToken, UnauthorizedError } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { OAuthClient } from '../ghes/ghes-clients.js';
import { withClientSecret } from './client-secret.error.js';
import { Lanes } from '../lanes.js';
import type { UserAccountEntity, UserAccountFault } from './user-account.entity.js';
import { UserAccounts } from './user-accounts.js';

/** Each holds a connection to the database while it waits for its server: a server that hangs must not take them all. */
const RENEWALS_AT_ONCE = 4;

/** Renews people's tokens. A refresh token is good for one use, so of all replicas one at a time may try. */
@Injectable()
export class UserTokenRenewal {
  readonly #lanes = new Lanes(RENEWALS_AT_ONCE);

  constructor(
    private readonly dataSource: DataSource,
    private readonly accounts: UserAccounts,
    private readonly ghes: GhesClients,
  ) {}

  /**
   * What the server gives is committed before anything else: the tokens from before are void by then. A server that
   * cannot be reached leaves the account as it is.
   *
   * @param seen the account as the caller found it; one that was renewed since is left alone
   * @param fault what the account is told to have if the server gives nothing for the refresh token
   * @returns the account as it is after, null if it is gone
   * @throws ClientSecretError, or what made the server unreachable
   */
  renew(connection: ConnectedConnection, seen: UserAccountEntity, fault: UserAccountFault) {
    return this.#lanes.run(async () => {
      const client = await this.ghes.oauthClient(connection);
      return this.dataSource.transaction(async (manager) => {
        const account = await this.accounts.lock(manager, connection, seen.subject);
        const moved = account?.renewedAt.getTime() !== seen.renewedAt.getTime();
        if (!account || moved || account.fault !== null) return account;
        const renewed = await this.#renewLocked(manager, connection, account, client);
        if (!renewed) await this.accounts.update(account, { fault }, manager);
        return this.accounts.lock(manager, connection, seen.subject);
      });
    });
  }

  /** @returns whether the server gave new tokens */
  async #renewLocked(
    manager: EntityManager,
    connection: ConnectedConnection,
    { subject }: UserAccountEntity,
    client: OAuthClient,
  ): Promise<boolean> {
    const refreshToken = await this.accounts.refreshToken(connection, subject, manager);
    if (refreshToken === undefined) return false;
    const keep = await this.accounts.reserve(manager, connection, subject);
    try {
      const tokens = await withClientSecret(client, () =>
        refreshUserToken(this.ghes.oauthApp(client), { refreshToken }),
      );
      await keep(manager, tokens, { verifiedAt: new Date() });
      return true;
    } catch (error) {
      if (error instanceof UnauthorizedError) return false;
      throw error;
    }
  }
}
