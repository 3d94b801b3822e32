import { Injectable } from '@nestjs/common';
import { DataSource, LessThan } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Envelope } from '../envelope/envelope.js';
import type { CredentialKind } from '../envelope/envelope.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import { CredentialEntity } from './credential.entity.js';

/** The credentials of connections. Nothing else reads or writes their table. */
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
    kind: CredentialKind,
    plaintext: Buffer,
  ): Promise<number> {
    try {
      const version = (await this.newestVersion(manager, connection, kind)) + 1;
      const sealed = await this.envelope.seal(bindingOf(connection, kind, version), plaintext);
      await manager.insert(CredentialEntity, { connectionId: connection.id, kind, version, ...sealed });
      return version;
    } finally {
      plaintext.fill(0);
    }
  }

  /** 0 where there is none. */
  async newestVersion(manager: EntityManager, { id }: ConnectionEntity, kind: CredentialKind): Promise<number> {
    return (await manager.maximum(CredentialEntity, 'version', { connectionId: id, kind })) ?? 0;
  }

  /** Destroys the versions before the given one, with their data keys. */
  async forgetBefore(manager: EntityManager, { id }: ConnectionEntity, kind: CredentialKind, version: number) {
    await manager.delete(CredentialEntity, { connectionId: id, kind, version: LessThan(version) });
  }

  /** Lends the newest version for one use and zeroes it after. @throws UndecryptableError */
  async use<T>(connection: ConnectionEntity, kind: CredentialKind, use: (plaintext: Buffer) => Promise<T>): Promise<T> {
    const [newest] = await this.newest(connection, kind, 1);
    if (!newest) throw new UndecryptableError(`Connection ${connection.id} has no ${kind}.`);
    try {
      return await use(newest);
    } finally {
      newest.fill(0);
    }
  }

  /** The newest versions, newest first, for the caller to zero. @throws UndecryptableError */
  async newest(connection: ConnectionEntity, kind: CredentialKind, limit: number): Promise<Buffer[]> {
    const rows = await this.dataSource.getRepository(CredentialEntity).find({
      where: { connectionId: connection.id, kind },
      order: { version: 'DESC' },
      take: limit,
    });
    return Promise.all(rows.map((row) => this.envelope.open(bindingOf(connection, kind, row.version), row)));
  }
}

function bindingOf(connection: ConnectionEntity, kind: CredentialKind, version: number) {
  const { id, organizationId, origin } = connection;
  return { connectionId: id, organizationId, origin, kind, version };
}
