import { Injectable } from '@nestjs/common';
import type { UserToken } from '@reunite/contracts';
import { getAuthenticatedUser, GhesSuspendedError, GhesUnauthorizedError } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';
import { canonicalJson } from '../crypto/canonical.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { isConfirmed } from './user-account.entity.js';
import type { BrokenReason, UserAccountEntity } from './user-account.entity.js';
import { UserAccountError } from './user-account.error.js';
import { UserAccounts } from './user-accounts.js';
import { UserTokenRenewal } from './user-token-renewal.js';
import { countToken } from '../vault-metrics.js';

/** Minimum remaining lifetime of a token that is handed out, in ms, so that its recipient has time to use it. */
const MARGIN_MS = 300_000;
/** Maximum age of a verification, in ms: a user can revoke the authorization on the server at any time. */
const VERIFIED_FOR_MS = 300_000;

/** Callers share a verification, so it has a deadline of its own, in ms. */
const VERIFY_TIMEOUT_MS = 10_000;

interface VerifiedToken extends UserToken {
  /** True if the caller confirmed the account that the token belongs to. */
  readonly isConfirmed: boolean;
}

/** Mints the tokens with which the app acts for a user. Renews them before they expire and verifies them regularly. */
@Injectable()
export class UserTokenService {
  private readonly pending = new Map<string, Promise<VerifiedToken>>();

  constructor(
    private readonly accounts: UserAccounts,
    private readonly renewal: UserTokenRenewal,
    private readonly ghes: GhesClients,
  ) {}

  /** @throws UserAccountError without a confirmed account whose tokens work */
  async mint(connection: ConnectedConnection, subject: string): Promise<UserToken> {
    const { token, origin, login, isConfirmed: confirmed } = await this.verifiedToken(connection, subject);
    if (!confirmed) throw new UserAccountError('unconfirmed');
    return { token, origin, login };
  }

  /** Asks the server whose tokens are stored, and stores the answer. @throws UserAccountError */
  async identify(connection: ConnectedConnection, subject: string): Promise<void> {
    await this.verifiedToken(connection, subject);
  }

  /** Concurrent calls for one user share one result. */
  private verifiedToken(connection: ConnectedConnection, subject: string): Promise<VerifiedToken> {
    const key = canonicalJson([connection.id, subject]);
    const pending = this.pending.get(key);
    if (pending) return pending;
    const result = this.renewAndVerify(connection, subject).finally(() => this.pending.delete(key));
    result.then(
      () => countToken('user', 'minted'),
      () => countToken('user', 'failed'),
    );
    this.pending.set(key, result);
    return result;
  }

  private async renewAndVerify(connection: ConnectedConnection, subject: string): Promise<VerifiedToken> {
    const existing = assertUsable(await this.accounts.find(connection, subject));
    const isDue = existing.expiresAt !== null && existing.expiresAt.getTime() - Date.now() < MARGIN_MS;
    const account = isDue ? assertUsable(await this.renewal.renew(connection, existing, 'expired')) : existing;
    try {
      return await this.verify(connection, account);
    } catch (error) {
      if (error instanceof GhesSuspendedError) throw await this.markBroken(account, 'suspended');
      if (!(error instanceof GhesUnauthorizedError)) throw error;
    }
    // A revoked token does not end the authorization: the refresh token may still give a new one.
    return this.verify(connection, assertUsable(await this.renewal.renew(connection, account, 'revoked'))).catch(
      async (error: unknown) => {
        throw error instanceof GhesUnauthorizedError ? await this.markBroken(account, 'revoked') : error;
      },
    );
  }

  /**
   * @throws GhesUnauthorizedError, GhesSuspendedError, or any error of the server while the account is not identified
   */
  private async verify(connection: ConnectedConnection, account: UserAccountEntity): Promise<VerifiedToken> {
    const { subject, login, verifiedAt, confirmedGithubId } = account;
    const token = await this.accounts.accessToken(connection, subject);
    const { origin } = connection;
    const isFresh = verifiedAt !== null && Date.now() - verifiedAt.getTime() < VERIFIED_FOR_MS;
    if (isFresh && login !== null) return { token, origin, login, isConfirmed: isConfirmed(account) };
    try {
      const client = await this.ghes.asUser(connection, token);
      const user = await getAuthenticatedUser(client.withSignal(AbortSignal.timeout(VERIFY_TIMEOUT_MS)));
      await this.accounts.update(account, { githubId: user.id, login: user.login, verifiedAt: new Date() });
      return { token, origin, login: user.login, isConfirmed: user.id === confirmedGithubId };
    } catch (error) {
      // An unreachable server proves nothing about the token.
      const isRejected = error instanceof GhesUnauthorizedError || error instanceof GhesSuspendedError;
      if (isRejected || login === null) throw error;
      return { token, origin, login, isConfirmed: isConfirmed(account) };
    }
  }

  private async markBroken(account: UserAccountEntity, brokenReason: BrokenReason): Promise<UserAccountError> {
    await this.accounts.update(account, { brokenReason });
    return new UserAccountError(brokenReason);
  }
}

/** @throws UserAccountError */
function assertUsable(account: UserAccountEntity | null): UserAccountEntity {
  if (!account) throw new UserAccountError('signed-out');
  if (account.brokenReason !== null) throw new UserAccountError(account.brokenReason);
  return account;
}
