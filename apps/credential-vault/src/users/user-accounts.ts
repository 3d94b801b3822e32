import { Injectable } from '@nestjs/common';
import type { UserToken } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { takeText } from '../crypto/take-text.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import { UserAccountEntity } from './user-account.entity.js';

const accessTokenSlot = (subject: string) => ({ kind: 'user-access-token', subject }) as const;
const refreshTokenSlot = (subject: string) => ({ kind: 'user-refresh-token', subject }) as const;

/** The owner of the tokens, as far as the server was asked. */
type Identity = Partial<Pick<UserAccountEntity, 'githubId' | 'login' | 'verifiedAt'>>;

/** A user's decrypted tokens. */
export interface StoredTokens {
  readonly accessToken: string;
  /** Undefined if the app's user tokens do not expire. */
  readonly refreshToken: string | undefined;
  readonly expiresAt: Date | null;
}

/** Replaces the user's tokens. */
type StoreTokens = (manager: EntityManager, tokens: UserToken, identity?: Identity) => Promise<UserAccountEntity>;

/** Users' accounts on the servers and the tokens with which the app acts for them. */
@Injectable()
export class UserAccounts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: Credentials,
  ) {}

  find({ id }: ConnectedConnection, subject: string): Promise<UserAccountEntity | null> {
    return this.dataSource.getRepository(UserAccountEntity).findOneBy({ connectionId: id, subject });
  }

  /** Locks the account for the transaction; concurrent calls and other replicas wait. */
  lock(manager: EntityManager, { id }: ConnectedConnection, subject: string): Promise<UserAccountEntity | null> {
    const where = { connectionId: id, subject };
    return manager.findOne(UserAccountEntity, { where, lock: { mode: 'pessimistic_write' } });
  }

  /** Updates the account unless its tokens were replaced since it was read: the change is about the previous ones. */
  async update(account: UserAccountEntity, change: Partial<UserAccountEntity>, manager = this.dataSource.manager) {
    const { connectionId, subject, renewedAt } = account;
    await manager.update(UserAccountEntity, { connectionId, subject, renewedAt }, change);
  }

  /**
   * Requires a verification of every token of the connection before it is handed out again. Skips accounts that are
   * locked for a renewal, which verifies them too, so this waits for no server.
   */
  async invalidateVerifications(manager: EntityManager, { id }: ConnectedConnection): Promise<void> {
    await manager.query(
      `UPDATE user_account SET verified_at = NULL WHERE (connection_id, subject) IN
        (SELECT connection_id, subject FROM user_account WHERE connection_id = $1 FOR UPDATE SKIP LOCKED)`,
      [id],
    );
  }

  /** Makes all calls to the key service, before the server is asked for tokens: it returns them only once. */
  async reserve(connection: ConnectedConnection, subject: string): Promise<StoreTokens> {
    const storeAccess = await this.credentials.reserve(connection, accessTokenSlot(subject));
    const storeRefresh = await this.credentials.reserve(connection, refreshTokenSlot(subject));
    return async (manager, tokens, identity = {}) => {
      const { access_token, expires_in, refresh_token } = tokens;
      const version = await storeAccess(manager, Buffer.from(access_token));
      await this.credentials.forgetBefore(manager, connection, accessTokenSlot(subject), version);
      if (refresh_token === undefined) await this.credentials.forget(manager, connection, refreshTokenSlot(subject));
      else {
        const refreshVersion = await storeRefresh(manager, Buffer.from(refresh_token));
        await this.credentials.forgetBefore(manager, connection, refreshTokenSlot(subject), refreshVersion);
      }
      const renewedAt = new Date();
      const expiresAt = expires_in === undefined ? null : new Date(renewedAt.getTime() + expires_in * 1_000);
      const key = { connectionId: connection.id, subject };
      const row = { ...key, ...identity, renewedAt, expiresAt, brokenReason: null };
      await manager.upsert(UserAccountEntity, row, Object.keys(key));
      return manager.findOneByOrFail(UserAccountEntity, key);
    };
  }

  /** @throws UndecryptableError */
  accessToken(connection: ConnectedConnection, subject: string): Promise<string> {
    return this.credentials.use(connection, accessTokenSlot(subject), (token) =>
      Promise.resolve(token.toString('utf8')),
    );
  }

  /** @returns undefined if the app's user tokens do not expire. @throws UndecryptableError */
  async refreshToken(connection: ConnectedConnection, subject: string): Promise<string | undefined> {
    const [token] = await this.credentials.newest(connection, refreshTokenSlot(subject), 1);
    return token && takeText(token);
  }

  /** Destroys the user's tokens and account. */
  async forget(manager: EntityManager, connection: ConnectedConnection, subject: string): Promise<void> {
    await this.credentials.forget(manager, connection, accessTokenSlot(subject));
    await this.credentials.forget(manager, connection, refreshTokenSlot(subject));
    await manager.delete(UserAccountEntity, { connectionId: connection.id, subject });
  }

  /**
   * Locks the accounts of one user or of all users of the connection, so that no concurrent renewal is missed, and
   * reads the sealed tokens.
   *
   * @returns decrypts the tokens of each user, to be called after the transaction
   */
  async lockTokens(
    manager: EntityManager,
    connection: ConnectedConnection,
    subject?: string,
  ): Promise<(() => Promise<StoredTokens>)[]> {
    const where = { connectionId: connection.id, ...(subject === undefined ? {} : { subject }) };
    const lock = { mode: 'pessimistic_write' } as const;
    const accounts = await manager.find(UserAccountEntity, { where, order: { subject: 'ASC' }, lock });
    const opening: (() => Promise<StoredTokens>)[] = [];
    for (const account of accounts) opening.push(await this.openLater(manager, connection, account));
    return opening;
  }

  private async openLater(
    manager: EntityManager,
    connection: ConnectedConnection,
    { subject, expiresAt }: UserAccountEntity,
  ): Promise<() => Promise<StoredTokens>> {
    const access = await this.credentials.later(manager, connection, accessTokenSlot(subject));
    const refresh = await this.credentials.later(manager, connection, refreshTokenSlot(subject));
    return async () => {
      if (!access) throw new UndecryptableError(`Connection ${connection.id} has no token of this user.`);
      const refreshToken = refresh && takeText(await refresh());
      return { accessToken: takeText(await access()), refreshToken, expiresAt };
    };
  }
}
