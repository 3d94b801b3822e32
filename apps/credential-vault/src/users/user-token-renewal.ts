import { Injectable } from '@nestjs/common';
import { refreshUserToken, GhesUnauthorizedError } from '@reunite/ghes-client';
import type { UserToken } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { withClientSecret } from './client-secret.error.js';
import { SharedLanes } from '../lanes.js';
import type { UserAccountEntity, BrokenReason } from './user-account.entity.js';
import { UserAccounts } from './user-accounts.js';

/**
 * Each holds a connection to the database while it waits for its server: servers that hang must not take them all, nor
 * the servers of one organization those of the others.
 */
const RENEWALS_AT_ONCE = { inAll: 6, ofOneOrganization: 2 };

/** Renews people's tokens. A refresh token is good for one use, so of all replicas one at a time may try. */
@Injectable()
export class UserTokenRenewal {
  private readonly lanes = new SharedLanes(RENEWALS_AT_ONCE.inAll, RENEWALS_AT_ONCE.ofOneOrganization);

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
   * @param brokenReason stored if the server rejects the refresh token
   * @returns the account as it is after, null if it is gone
   * @throws ClientSecretError, or what made the server unreachable
   */
  renew(connection: ConnectedConnection, seen: UserAccountEntity, brokenReason: BrokenReason) {
    return this.lanes.run(connection.organizationId, async () => {
      // Whatever needs the key service comes before the transaction; what was read is good if the account has not moved.
      const client = await this.ghes.oauthClient(connection);
      const refreshToken = await this.accounts.refreshToken(connection, seen.subject);
      const keep = await this.accounts.reserve(connection, seen.subject);
      const refresh = (token: string) =>
        withClientSecret(client, () => refreshUserToken(this.ghes.oauthApp(client), { refreshToken: token }));
      return this.dataSource.transaction(async (manager) => {
        const account = await this.accounts.lock(manager, connection, seen.subject);
        const moved = account?.renewedAt.getTime() !== seen.renewedAt.getTime();
        if (!account || moved || account.brokenReason !== null) return account;
        const tokens = refreshToken === undefined ? null : await orNull(refresh(refreshToken));
        if (tokens) return keep(manager, tokens, { verifiedAt: new Date() });
        await this.accounts.update(account, { brokenReason }, manager);
        return this.accounts.lock(manager, connection, seen.subject);
      });
    });
  }
}

/** Null where the server gives nothing for the refresh token any more. */
async function orNull(refreshed: Promise<UserToken>): Promise<UserToken | null> {
  try {
    return await refreshed;
  } catch (error) {
    if (error instanceof GhesUnauthorizedError) return null;
    throw error;
  }
}
