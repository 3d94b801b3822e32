import { Injectable } from '@nestjs/common';
import type { UserToken } from '@reunite/contracts';
import { getAuthenticatedUser, GhesSuspendedError, GhesUnauthorizedError } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';
import { canonicalJson } from '../crypto/canonical.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import type { UserAccountEntity, BrokenReason } from './user-account.entity.js';
import { UserAccountError } from './user-account.error.js';
import { UserAccounts } from './user-accounts.js';
import { UserTokenRenewal } from './user-token-renewal.js';

/** A token is handed out until this long before it expires, so that whoever gets it has time to use it. */
const MARGIN_MS = 300_000;
/** A person can revoke the authorization at the server at any time: how long a token is believed to be good. */
const BELIEVED_MS = 300_000;

/** Tokens with which the app acts for people: renewed before they expire, and looked at now and then. */
@Injectable()
export class UserTokenService {
  private readonly running = new Map<string, Promise<UserToken>>();

  constructor(
    private readonly accounts: UserAccounts,
    private readonly renewal: UserTokenRenewal,
    private readonly ghes: GhesClients,
  ) {}

  /** Callers at the same time share one answer. @throws UserAccountError */
  mint(connection: ConnectedConnection, subject: string): Promise<UserToken> {
    const key = canonicalJson([connection.id, subject]);
    const running = this.running.get(key);
    if (running) return running;
    const minting = this.mintUnshared(connection, subject).finally(() => this.running.delete(key));
    this.running.set(key, minting);
    return minting;
  }

  private async mintUnshared(connection: ConnectedConnection, subject: string): Promise<UserToken> {
    const found = usable(await this.accounts.find(connection, subject));
    const due = found.expiresAt !== null && found.expiresAt.getTime() - Date.now() < MARGIN_MS;
    const account = due ? usable(await this.renewal.renew(connection, found, 'expired')) : found;
    try {
      return await this.verified(connection, account);
    } catch (error) {
      if (error instanceof GhesSuspendedError) throw await this.broken(account, 'suspended');
      if (!(error instanceof GhesUnauthorizedError)) throw error;
    }
    // The one token may be gone while the authorization stands: then a new one is given for the refresh token.
    return this.verified(connection, usable(await this.renewal.renew(connection, account, 'revoked'))).catch(
      async (error: unknown) => {
        throw error instanceof GhesUnauthorizedError ? await this.broken(account, 'revoked') : error;
      },
    );
  }

  /** @throws GhesUnauthorizedError, GhesSuspendedError, and what kept us from learning whose the token is */
  private async verified(connection: ConnectedConnection, account: UserAccountEntity): Promise<UserToken> {
    const { subject, login, verifiedAt } = account;
    const token = await this.accounts.accessToken(connection, subject);
    const { origin } = connection;
    const believed = verifiedAt !== null && Date.now() - verifiedAt.getTime() < BELIEVED_MS;
    if (believed && login !== null) return { token, origin, login };
    try {
      const user = await getAuthenticatedUser(this.ghes.asUser(connection, token));
      await this.accounts.update(account, { githubId: user.id, login: user.login, verifiedAt: new Date() });
      return { token, origin, login: user.login };
    } catch (error) {
      // A server that cannot be asked says nothing about the token.
      const refused = error instanceof GhesUnauthorizedError || error instanceof GhesSuspendedError;
      if (refused || login === null) throw error;
      return { token, origin, login };
    }
  }

  private async broken(account: UserAccountEntity, fault: BrokenReason): Promise<UserAccountError> {
    await this.accounts.update(account, { fault });
    return new UserAccountError(fault);
  }
}

/** @throws UserAccountError */
function usable(account: UserAccountEntity | null): UserAccountEntity {
  if (!account || account.fault !== null) throw new UserAccountError(account?.fault ?? null);
  return account;
}
