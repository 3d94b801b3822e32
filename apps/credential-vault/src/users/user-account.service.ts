import { Inject, Injectable } from '@nestjs/common';
import type { UserAccount, UserRequest } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { withinRevocationTime } from '../connections/revocation-time.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { brokenMessages } from './user-account.error.js';
import { UserAccounts } from './user-accounts.js';
import { UserRevocation } from './user-revocation.js';
import { UserTokenService } from './user-token.service.js';

/** What a person is told of their account at a server, and how they leave it. */
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

  async get({ organizationId, connectionId, subject }: UserRequest): Promise<UserAccount> {
    return this.account(await this.connections.connected(organizationId, connectionId), subject);
  }

  /** Asks the server whose the tokens are that have just been kept. They stay kept where it does not answer. */
  async identify(connection: ConnectedConnection, subject: string): Promise<UserAccount> {
    await this.tokens.mint(connection, subject).catch((error: unknown) => {
      this.logger.warn({ connectionId: connection.id, failure: String(error) }, 'a person could not be identified');
    });
    return this.account(connection, subject);
  }

  /** Destroys the tokens first: whether the server can be reached does not matter to that. */
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

  private async account(connection: ConnectedConnection, subject: string): Promise<UserAccount> {
    const connectionId = connection.id;
    const account = await this.accounts.find(connection, subject);
    if (!account) return { connectionId, status: 'signed-out', reason: '', githubId: 0, login: '' };
    const { fault, githubId, login } = account;
    const known = { connectionId, githubId: githubId ?? 0, login: login ?? '' };
    if (fault === null) return { ...known, status: 'active', reason: '' };
    return { ...known, status: 'broken', reason: brokenMessages[fault] };
  }
}
