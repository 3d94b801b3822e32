import { Injectable } from '@nestjs/common';
import type { UserToken } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
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
    // Not those that are being renewed: they are looked at by it, and nobody waits for their server here.
    await manager.query(
      `UPDATE user_account SET verified_at = NULL WHERE (connection_id, subject) IN
        (SELECT connection_id, subject FROM user_account WHERE connection_id = $1 FOR UPDATE SKIP LOCKED)`,
      [id],
    );
  }

  /**
   * To be called before the server is asked for tokens: it gives them once.
   *
   * @returns keeps them in place of those from before
   */
  async reserve(connection: ConnectedConnection, subject: string) {
    const keepAccess = await this.credentials.reserve(connection, accessToken(subject));
    const keepRefresh = await this.credentials.reserve(connection, refreshToken(subject));
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
      await writer.upsert(
        UserAccountEntity,
        { ...key, ...known, renewedAt, expiresAt, brokenReason: null },
        Object.keys(key),
      );
      return writer.findOneByOrFail(UserAccountEntity, key);
    };
  }

  /** @throws UndecryptableError */
  accessToken(connection: ConnectedConnection, subject: string): Promise<string> {
    return this.credentials.use(connection, accessToken(subject), (token) => Promise.resolve(token.toString('utf8')));
  }

  /** Undefined where the app lets tokens never expire. @throws UndecryptableError */
  async refreshToken(connection: ConnectedConnection, subject: string): Promise<string | undefined> {
    const [token] = await this.credentials.newest(connection, refreshToken(subject), 1);
    return token && takeText(token);
  }

  /** Destroys what is kept for a person. */
  async forget(manager: EntityManager, connection: ConnectedConnection, subject: string): Promise<void> {
    await this.credentials.forget(manager, connection, accessToken(subject));
    await this.credentials.forget(manager, connection, refreshToken(subject));
    await manager.delete(UserAccountEntity, { connectionId: connection.id, subject });
  }

  /**
   * Locks the accounts of everybody who has signed in by this connection, or of one person, so that what a renewal is
   * about to bring is not missed. The tokens are read as they are stored, and opened after the transaction.
   */
  async lockTokens(
    manager: EntityManager,
    connection: ConnectedConnection,
    subject?: string,
  ): Promise<(() => Promise<KeptTokens>)[]> {
    const where = { connectionId: connection.id, ...(subject === undefined ? {} : { subject }) };
    const lock = { mode: 'pessimistic_write' } as const;
    const accounts = await manager.find(UserAccountEntity, { where, order: { subject: 'ASC' }, lock });
    const opening: (() => Promise<KeptTokens>)[] = [];
    for (const { subject: person, expiresAt } of accounts) {
      const access = await this.credentials.later(manager, connection, accessToken(person));
      const refresh = await this.credentials.later(manager, connection, refreshToken(person));
      opening.push(async () => {
        if (!access) throw new UndecryptableError(`Connection ${connection.id} has no token of this person.`);
        const refreshed = refresh && takeText(await refresh());
        return { accessToken: takeText(await access()), refreshToken: refreshed, expiresAt };
      });
    }
    return opening;
  }
}

function takeText(plaintext: Buffer): string {
  const text = plaintext.toString('utf8');
  plaintext.fill(0);
  return text;
}
