import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import type { EntityManager } from 'typeorm';
import type { ConnectionEntity } from '../connections/connection.entity.js';
import { Envelope } from '../envelope/envelope.js';
import type { AppCredentialKind, CredentialKind, UserCredentialKind } from '../envelope/envelope.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import { CredentialEntity } from './credential.entity.js';

/** One of a connection's credentials: of its app, or of a user. */
export type CredentialSlot = AppCredentialKind | { readonly kind: UserCredentialKind; readonly subject: string };

/** The part of a connection that its credentials are bound to. */
export type CredentialOwner = Pick<ConnectionEntity, 'id' | 'organizationId' | 'origin'>;

/**
 * Stores the reserved credential and zeroes the plaintext. Call it under a lock of the connection or of the user's
 * account, which serializes additions to the slot.
 *
 * @returns the version
 */
export type StoreCredential = (manager: EntityManager, plaintext: Buffer) => Promise<number>;

/** The credentials of connections and their users. Nothing else reads or writes the table. */
@Injectable()
export class Credentials {
  constructor(
    private readonly dataSource: DataSource,
    private readonly envelope: Envelope,
  ) {}

  /**
   * Makes all calls to the key service that storing a credential needs. Call it before the transaction, which must not
   * wait for the key service, and before a server is asked for a credential that it returns only once.
   */
  async reserve(connection: CredentialOwner, slot: CredentialSlot): Promise<StoreCredential> {
    const reserved = await this.prepare(this.dataSource.manager, connection, slot);
    return async (writer, plaintext) => {
      try {
        const newest = await this.newestVersion(writer, connection, slot);
        // Only if another version was stored meanwhile, the key service is called again.
        const unused = newest < reserved.version ? reserved : await this.prepare(writer, connection, slot);
        const { version, seal } = unused;
        await writer.insert(CredentialEntity, { ...keyOf(connection, slot), version, ...seal(plaintext) });
        return version;
      } finally {
        plaintext.fill(0);
      }
    };
  }

  /** @returns 0 if there is none */
  async newestVersion(manager: EntityManager, connection: CredentialOwner, slot: CredentialSlot): Promise<number> {
    return (await manager.maximum(CredentialEntity, 'version', keyOf(connection, slot))) ?? 0;
  }

  /** Destroys earlier versions with their data keys. */
  async forgetBefore(manager: EntityManager, connection: CredentialOwner, slot: CredentialSlot, version: number) {
    await manager.delete(CredentialEntity, { ...keyOf(connection, slot), version: LessThan(version) });
  }

  /** Destroys one version, or all of them. */
  async forget(manager: EntityManager, connection: ConnectionEntity, slot: CredentialSlot, version?: number) {
    await manager.delete(CredentialEntity, {
      ...keyOf(connection, slot),
      ...(version === undefined ? {} : { version }),
    });
  }

  /** Destroys all verifiers that were created before the given time. */
  async forgetVerifiers(manager: EntityManager, before: Date): Promise<void> {
    await manager.delete(CredentialEntity, { kind: 'pkce-verifier', createdAt: LessThan(before) });
  }

  /** Lends the newest version to `use` and zeroes it afterwards. @throws UndecryptableError */
  async use<T>(connection: ConnectionEntity, slot: CredentialSlot, use: (plaintext: Buffer) => Promise<T>): Promise<T> {
    const [newest] = await this.newest(connection, slot, 1);
    if (!newest) throw new UndecryptableError(`Connection ${connection.id} has no ${keyOf(connection, slot).kind}.`);
    try {
      return await use(newest);
    } finally {
      newest.fill(0);
    }
  }

  /** @returns the newest versions, newest first; the caller zeroes them. @throws UndecryptableError */
  async newest(connection: ConnectionEntity, slot: CredentialSlot, limit: number): Promise<Buffer[]> {
    const rows = await this.rows(this.dataSource.manager, connection, slot, limit);
    return Promise.all(rows.map((row) => this.envelope.open(bindingOf(connection, slot, row.version), row)));
  }

  /**
   * Reads the newest version sealed, so that it can be decrypted after the transaction destroyed it.
   *
   * @returns decrypts it, for the caller to zero; undefined if there is none
   */
  async later(
    manager: EntityManager,
    connection: ConnectionEntity,
    slot: CredentialSlot,
  ): Promise<(() => Promise<Buffer>) | undefined> {
    const [row] = await this.rows(manager, connection, slot, 1);
    return row && (() => this.envelope.open(bindingOf(connection, slot, row.version), row));
  }

  /** @returns one version; the caller zeroes it. @throws UndecryptableError */
  async version(connection: CredentialOwner, slot: CredentialSlot, version: number): Promise<Buffer> {
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
