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

/** Stores what was reserved for. Zeroes the plaintext. @returns the version */
export type Keep = (manager: EntityManager, plaintext: Buffer) => Promise<number>;

/** The credentials of connections and their people. Nothing else reads or writes their table. */
@Injectable()
export class Credentials {
  constructor(
    private readonly dataSource: DataSource,
    private readonly envelope: Envelope,
  ) {}

  /** Keeps a first or a further version; the plaintext is zeroed. @returns the version */
  async add(
    manager: EntityManager,
    connection: ConnectionEntity,
    slot: CredentialSlot,
    plaintext: Buffer,
  ): Promise<number> {
    try {
      const keep = await this.reserve(manager, connection, slot);
      return await keep(manager, plaintext);
    } finally {
      plaintext.fill(0);
    }
  }

  /**
   * Does all of {@link add} that can fail for want of the key service. To be called before a server is asked for what it
   * gives only once.
   */
  async reserve(manager: EntityManager, connection: ConnectionEntity, slot: CredentialSlot): Promise<Keep> {
    const version = (await this.newestVersion(manager, connection, slot)) + 1;
    const seal = await this.envelope.prepare(bindingOf(connection, slot, version));
    return async (writer, plaintext) => {
      const sealed = seal(plaintext);
      plaintext.fill(0);
      await writer.insert(CredentialEntity, { ...keyOf(connection, slot), version, ...sealed });
      return version;
    };
  }

  /** 0 where there is none. */
  async newestVersion(manager: EntityManager, connection: ConnectionEntity, slot: CredentialSlot): Promise<number> {
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
  async newest(
    connection: ConnectionEntity,
    slot: CredentialSlot,
    limit: number,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Buffer[]> {
    const rows = await manager.find(CredentialEntity, {
      where: keyOf(connection, slot),
      order: { version: 'DESC' },
      take: limit,
    });
    return Promise.all(rows.map((row) => this.envelope.open(bindingOf(connection, slot, row.version), row)));
  }

  /** One version, for the caller to zero. @throws UndecryptableError */
  async version(connection: ConnectionEntity, slot: CredentialSlot, version: number): Promise<Buffer> {
    const key = keyOf(connection, slot);
    const row = await this.dataSource.manager.findOneBy(CredentialEntity, { ...key, version });
    if (!row) throw new UndecryptableError(`Connection ${connection.id} has no ${key.kind} of version ${version}.`);
    return this.envelope.open(bindingOf(connection, slot, version), row);
  }
}

function keyOf(
  { id }: ConnectionEntity,
  slot: CredentialSlot,
): { connectionId: string; kind: CredentialKind; subject: string } {
  const { kind, subject } = typeof slot === 'string' ? { kind: slot, subject: '' } : slot;
  return { connectionId: id, kind, subject };
}

function bindingOf(connection: ConnectionEntity, slot: CredentialSlot, version: number) {
  const { organizationId, origin } = connection;
  return { ...keyOf(connection, slot), organizationId, origin, version };
}
