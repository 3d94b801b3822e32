import { Inject, Injectable } from '@nestjs/common';
import { ConflictError } from '@reunite/contracts';
import type { ConfirmUserSignInRequest, UserAccount, UserRequest } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { withinRevocationTime } from '../ghes/revocation-timeout.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { isConfirmed } from './user-account.entity.js';
import type { UserAccountEntity } from './user-account.entity.js';
import { brokenMessages } from './user-account.error.js';
import { UserAccounts } from './user-accounts.js';
import { UserRevocation } from './user-revocation.js';
import { UserTokenService } from './user-token.service.js';

/** A caller's account on a server: its state, its confirmation and its end. */
@Injectable()
export class UserAccountService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly accounts: UserAccounts,
    private readonly tokens: UserTokenService,
    private readonly revocation: UserRevocation,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Asks the server for the identity first if an earlier request for it failed. */
  async get({ organizationId, connectionId, subject }: UserRequest): Promise<UserAccount> {
    const connection = await this.connections.connected(organizationId, connectionId);
    const account = await this.accounts.find(connection, subject);
    if (account?.login === null && account.brokenReason === null) return this.identify(connection, subject);
    return toMessage(connectionId, account);
  }

  /** Asks the server whose tokens were just stored. They stay stored if it does not answer. */
  async identify(connection: ConnectedConnection, subject: string): Promise<UserAccount> {
    await this.tokens.identify(connection, subject).catch((error: unknown) => {
      this.logger.warn({ connectionId: connection.id, failure: String(error) }, 'user not identified');
    });
    return toMessage(connection.id, await this.accounts.find(connection, subject));
  }

  /**
   * Activates the account that the caller was shown. Until then its tokens are not used, so that a code that an
   * attacker injected into the sign-in never makes a caller act as another user (RFC 9700, section 4.4).
   *
   * @throws ConflictError if the account is no longer the one that was shown
   */
  async confirm(request: ConfirmUserSignInRequest, record: CallRecord): Promise<UserAccount> {
    const { organizationId, connectionId, subject, login } = request;
    const connection = await this.connections.connected(organizationId, connectionId);
    record.scope = { login };
    await this.dataSource.transaction(async (manager) => {
      const account = await this.accounts.lock(manager, connection, subject);
      if (!account || account.login !== login) {
        throw new ConflictError(
          `You are not signed in as ${login} on ${connection.origin}. Verify your identity again.`,
        );
      }
      await this.accounts.update(account, { confirmedGithubId: account.githubId }, manager);
      await record.commitWith(manager);
    });
    return toMessage(connectionId, await this.accounts.find(connection, subject));
  }

  /** Destroys the tokens before it revokes them, so that an unreachable server cannot keep them alive here. */
  async end({ organizationId, connectionId, subject }: UserRequest, record: CallRecord): Promise<void> {
    const connection = await this.connections.connected(organizationId, connectionId);
    const revoke = await this.dataSource.transaction(async (manager) => {
      const authorization = await this.revocation.ofAuthorizations(manager, connection, subject);
      await this.accounts.forget(manager, connection, subject);
      await record.commitWith(manager);
      return authorization;
    });
    await withinRevocationTime(revoke());
  }
}

function toMessage(connectionId: string, account: UserAccountEntity | null): UserAccount {
  if (!account) return { connectionId, status: 'signed-out', reason: '', githubId: 0, login: '' };
  const { brokenReason, githubId, login } = account;
  const identity = { connectionId, githubId: githubId ?? 0, login: login ?? '' };
  if (brokenReason !== null) return { ...identity, status: 'broken', reason: brokenMessages[brokenReason] };
  return { ...identity, status: isConfirmed(account) ? 'active' : 'unconfirmed', reason: '' };
}
