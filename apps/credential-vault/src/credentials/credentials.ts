import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from '../connections/connection.entity.js';
import { Envelope } from '../envelope/envelope.js';
import type { AppCredentialKind, CredentialKind, UserCredentialKind } from '../envelope/envelope.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import { CredentialEntity } from './credential.entity.js';

/** Which of a connection's credentials: one of its app, or one of a person. */
export type CredentialSlot = AppCredentialKind | { readonly kind: UserCredentialKind; readonly subject: string };

/** What of a connection its credentials are bound to. */
export type CredentialOwner = Pick<ConnectionEntity, 'id' | 'organizationId' | 'origin'>;

/**
 * Stores what was reserved for, and zeroes it. To be called while something keeps others from adding to the same slot: a
 * lock of the connection, or of the person's account.
 *
 * @returns the version
 */
export type Keep = (manager: EntityManager, plaintext: Buffer) => Promise<number>;

/** The credentials of connections and their people. Nothing else reads or writes their table. */
@Injectable()
export class Credentials {
  constructor(
    private readonly dataSource: DataSource,
    private readonly envelope: Envelope,
  ) {}

  /**
   * Does all of keeping a credential that needs the key service. To be called before a transaction begins, since that must
   * not wait for the key service, and before a server is asked for what it gives only once.
   */
  async reserve(connection: CredentialOwner, slot: CredentialSlot): Promise<Keep> {
    const reserved = await this.prepare(this.dataSource.manager, connection, slot);
    return async (writer, plaintext) => {
      try {
        const newest = await this.newestVersion(writer, connection, slot);
        // Where another one was kept meanwhile, and only then, the key service is asked once more.
        const free = newest < reserved.version ? reserved : await this.prepare(writer, connection, slot);
        const { version, seal } = free;
        await writer.insert(CredentialEntity, { ...keyOf(connection, slot), version, ...seal(plaintext) });
        return version;
      } finally {
        plaintext.fill(0);
      }
    };
  }

  /** 0 where there is none. */
  async newestVersion(manager: EntityManager, connection: CredentialOwner, slot: CredentialSlot): Promise<number> {
    return (await manager.maximum(CredentialEntity, 'version', keyOf(connection, slot))) ?? 0;
  }

  /** Destroys the versions before the given one, with their data keys. */
  async forgetBefore(manager: EntityManager, connection: ConnectionEntity, slot: CredentialSlot, version: number) {
    await manager.delete(CredentialEntity, { ...keyOf(connection, slot), version: LessThan(version) });
  }

  /** Destroys one version, or all of them. */
  async forget(manager: EntityManager, connection: ConnectionEntity, slot: CredentialSlot, version?: number) {
    await manager.delete(CredentialEntity, {
      ...keyOf(connection, slot),
      ...(version === undefined ? {} : { version }),
    });
  }

  /** Destroys the verifiers of sign-ins that can no longer be completed, whoever's. */
  async forgetVerifiers(manager: EntityManager, before: Date): Promise<void> {
    await manager.delete(CredentialEntity, { kind: 'pkce-verifier', createdAt: LessThan(before) });
  }

  /** Lends the newest version for one use and zeroes it after. @throws UndecryptableError */
  async use<T>(connection: ConnectionEntity, slot: CredentialSlot, use: (plaintext: Buffer) => Promise<T>): Promise<T> {
    const [newest] = await this.newest(connection, slot, 1);
    if (!newest) throw new UndecryptableError(`Connection ${connection.id} has no ${keyOf(connection, slot).kind}.`);
    try {
      return await use(newest);
    } finally {
      newest.fill(0);
    }
  }

  /** The newest versions, newest first, for the caller to zero. @throws UndecryptableError */
  async newest(connection: ConnectionEntity, slot: CredentialSlot, limit: number): Promise<Buffer[]> {
    const rows = await this.rows(this.dataSource.manager, connection, slot, limit);
    return Promise.all(rows.map((row) => this.envelope.open(bindingOf(connection, slot, row.version), row)));
  }

  /**
   * Reads the newest version as it is stored, so that it can be opened after the transaction has destroyed it.
   *
   * @returns opens it, for the caller to zero; undefined where there is none
   */
  async later(
    manager: EntityManager,
    connection: ConnectionEntity,
    slot: CredentialSlot,
  ): Promise<(() => Promise<Buffer>) | undefined> {
    const [row] = await this.rows(manager, connection, slot, 1);
    return row && (() => this.envelope.open(bindingOf(connection, slot, row.version), row));
  }

  /** One version, for the caller to zero. @throws UndecryptableError */
  async version(connection: ConnectionEntity, slot: CredentialSlot, version: number): Promise<Buffer> {
    const key = keyOf(connection, slot);
    const row = await this.dataSource.manager.findOneBy(CredentialEntity, { ...key, version });
    if (!row) throw new UndecryptableError(`Connection ${connection.id} has no ${key.kind} of version ${version}.`);
    return this.envelope.open(bindingOf(connection, slot, version), row);
  }

  private rows(manager: EntityManager, connection: ConnectionEntity, slot: CredentialSlot, limit: number) {
    return manager.find(CredentialEntity, {
      where: keyOf(connection, slot),
      order: { version: 'DESC' },
      take: limit,
    });
  }

  private async prepare(manager: EntityManager, connection: CredentialOwner, slot: CredentialSlot) {
    const version = (await this.newestVersion(manager, connection, slot)) + 1;
    return { version, seal: await this.envelope.prepare(bindingOf(connection, slot, version)) };
  }
}

function keyOf(
  { id }: Pick<CredentialOwner, 'id'>,
  slot: CredentialSlot,
): { connectionId: string; kind: CredentialKind; subject: string } {
  const { kind, subject } = typeof slot === 'string' ? { kind: slot, subject: '' } : slot;
  return { connectionId: id, kind, subject };
}

function bindingOf(connection: CredentialOwner, slot: CredentialSlot, version: number) {
  const { organizationId, origin } = connection;
  return { ...keyOf(connection, slot), organizationId, origin, version };
}
