import { Injectable } from '@nestjs/common';
import type { UserToken } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import type { CredentialSlot } from '../credentials/credentials.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import { UserAccountEntity } from './user-account.entity.js';

const accessToken = (subject: string) => ({ kind: 'user-access-token', subject }) as const;
const refreshToken = (subject: string) => ({ kind: 'user-refresh-token', subject }) as const;

/** Whose tokens they are, as far as the server was asked. */
type Identity = Partial<Pick<UserAccountEntity, 'githubId' | 'login' | 'verifiedAt'>>;

/** What of a person's account lies here in clear, for a moment. */
export interface KeptTokens {
  readonly accessToken: string;
  /** Undefined where the app lets user tokens never expire. */
  readonly refreshToken: string | undefined;
  readonly expiresAt: Date | null;
}

/** People's accounts at the servers, with the tokens that the app acts for them with. */
@Injectable()
export class UserAccounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: Credentials,
  ) {}

  find({ id }: ConnectedConnection, subject: string): Promise<UserAccountEntity | null> {
    return this.dataSource.getRepository(UserAccountEntity).findOneBy({ connectionId: id, subject });
  }

  /** The account, for this transaction alone: other calls and replicas wait. */
  lock(manager: EntityManager, { id }: ConnectedConnection, subject: string): Promise<UserAccountEntity | null> {
    const where = { connectionId: id, subject };
    return manager.findOne(UserAccountEntity, { where, lock: { mode: 'pessimistic_write' } });
  }

  async update(account: UserAccountEntity, change: Partial<UserAccountEntity>, manager = this.dataSource.manager) {
    // Not where other tokens came meanwhile: what was learned is about those from before.
    const { connectionId, subject, renewedAt } = account;
    await manager.update(UserAccountEntity, { connectionId, subject, renewedAt }, change);
  }

  /** Has each token of the connection looked at before it is given out again. */
  async doubt(manager: EntityManager, { id }: ConnectedConnection): Promise<void> {
    await manager.update(UserAccountEntity, { connectionId: id }, { verifiedAt: null });
  }

  /**
   * To be called before the server is asked for tokens: it gives them once.
   *
   * @returns keeps them in place of those from before
   */
  async reserve(manager: EntityManager, connection: ConnectedConnection, subject: string) {
    const keepAccess = await this.credentials.reserve(manager, connection, accessToken(subject));
    const keepRefresh = await this.credentials.reserve(manager, connection, refreshToken(subject));
    return async (writer: EntityManager, tokens: UserToken, known: Identity = {}): Promise<UserAccountEntity> => {
      const { access_token, expires_in, refresh_token } = tokens;
      const version = await keepAccess(writer, Buffer.from(access_token));
      await this.credentials.forgetBefore(writer, connection, accessToken(subject), version);
      if (refresh_token === undefined) await this.credentials.forget(writer, connection, refreshToken(subject));
      else {
        const kept = await keepRefresh(writer, Buffer.from(refresh_token));
        await this.credentials.forgetBefore(writer, connection, refreshToken(subject), kept);
      }
      const renewedAt = new Date();
      const expiresAt = expires_in === undefined ? null : new Date(renewedAt.getTime() + expires_in * 1_000);
      const key = { connectionId: connection.id, subject };
      await writer.upsert(UserAccountEntity, { ...key, ...known, renewedAt, expiresAt, fault: null }, Object.keys(key));
      return writer.findOneByOrFail(UserAccountEntity, key);
    };
  }

  /** @throws UndecryptableError */
  async accessToken(connection: ConnectedConnection, subject: string, manager = this.dataSource.manager) {
    const token = await this.#text(connection, accessToken(subject), manager);
    if (token === undefined) throw new UndecryptableError(`Connection ${connection.id} has no token of this person.`);
    return token;
  }

  /** Undefined where the app lets tokens never expire. @throws UndecryptableError */
  refreshToken(connection: ConnectedConnection, subject: string, manager: EntityManager): Promise<string | undefined> {
    return this.#text(connection, refreshToken(subject), manager);
  }

  /** Destroys what is kept for a person. */
  async forget(manager: EntityManager, connection: ConnectedConnection, subject: string): Promise<void> {
    await this.credentials.forget(manager, connection, accessToken(subject));
    await this.credentials.forget(manager, connection, refreshToken(subject));
    await manager.delete(UserAccountEntity, { connectionId: connection.id, subject });
  }

  /** The tokens of everybody who has signed in by this connection, or of one person. Null for those that do not decrypt. */
  async tokens(
    manager: EntityManager,
    connection: ConnectedConnection,
    subject?: string,
  ): Promise<(KeptTokens | null)[]> {
    const where = { connectionId: connection.id, ...(subject === undefined ? {} : { subject }) };
    const accounts = await manager.findBy(UserAccountEntity, where);
    const read = await Promise.allSettled(
      accounts.map(async (account): Promise<KeptTokens> => ({
        accessToken: await this.accessToken(connection, account.subject, manager),
        refreshToken: await this.refreshToken(connection, account.subject, manager),
        expiresAt: account.expiresAt,
      })),
    );
    return read.map((result) => (result.status === 'fulfilled' ? result.value : null));
  }

  async #text(connection: ConnectedConnection, slot: CredentialSlot, manager: EntityManager) {
    const [token] = await this.credentials.newest(connection, slot, 1, manager);
    const text = token?.toString('utf8');
    token?.fill(0);
    return text;
  }
}
