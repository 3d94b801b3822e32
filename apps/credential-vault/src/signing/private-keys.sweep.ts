import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Repeating } from '@reunite/concurrency';
import { readAppPrivateKey } from '@reunite/ghes-client';
import { DataSource, In, Not } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { lockConnection } from '../connections/lock-connection.js';
import { CredentialEntity } from '../credentials/credential.entity.js';
import { Credentials } from '../credentials/credentials.js';
import { KekUnavailableError } from '../kek/kek-unavailable.error.js';
import { KekError } from '../kek/kek.error.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { SWEEP_MS } from '../tokens/deleted-connections.sweep.js';
import { signingKeyReference } from './app-signer.js';
import { SIGNING_KEYS } from './signing-keys.js';
import type { SigningKeys } from './signing-keys.js';

/** Connections whose keys are moved per sweep. */
const LIMIT = 100;
/** A sweep ends after as many keys that could not be moved: the cause may be the service, which gets a new key for each attempt. */
const MAX_FAILURES = 3;

/**
 * Moves private keys from the database into the key service, if there is one. A key is stored here first, because a server
 * returns it only once. Replicas may move the same key at the same time: one of them deletes it here, and the other one
 * discards its copy in the service.
 */
@Injectable()
export class PrivateKeysSweep implements OnModuleInit, OnModuleDestroy {
  private readonly repeating: Repeating;
  /** Ids of connections whose keys could not be moved. They are tried again after those of all others. */
  private readonly failed = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: Credentials,
    private readonly audit: AuditLog,
    @Inject(SIGNING_KEYS) private readonly keys: SigningKeys | null,
    @Inject(SWEEP_MS) intervalMs: number,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.repeating = new Repeating(() => this.sweep(), {
      intervalMs,
      onError: (error) => logger.warn({ failure: String(error) }, 'private keys were not moved to the key service'),
    });
  }

  onModuleInit(): void {
    if (this.keys) this.repeating.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.repeating.stop();
  }

  private async sweep(): Promise<void> {
    const { keys } = this;
    if (!keys) return;
    const rows = await this.dataSource.manager.find(CredentialEntity, {
      where: { kind: 'private-key', connectionId: Not(In([...this.failed])) },
      select: { connectionId: true },
      take: LIMIT,
    });
    if (rows.length === 0) this.failed.clear();
    let failures = 0;
    for (const id of new Set(rows.map(({ connectionId }) => connectionId))) {
      const connection = await this.dataSource.manager.findOneBy(ConnectionEntity, { id });
      if (connection && !(await this.tryToMove(keys, connection))) failures += 1;
      if (failures === MAX_FAILURES) return;
    }
  }

  /** A tenant chooses its key, so that one which cannot be moved must not keep the others here. */
  private async tryToMove(keys: SigningKeys, connection: ConnectionEntity): Promise<boolean> {
    try {
      await this.move(keys, connection);
      return true;
    } catch (error) {
      if (error instanceof KekUnavailableError) throw error;
      this.failed.add(connection.id);
      const fields = { connection: connection.id, failure: String(error) };
      this.logger.warn(fields, 'private key was not moved to the key service');
      return false;
    }
  }

  private async move(keys: SigningKeys, connection: ConnectionEntity): Promise<void> {
    const version = await this.credentials.newestVersion(this.dataSource.manager, connection, 'private-key');
    const pem = await this.credentials.version(connection, 'private-key', version);
    const privateKey = readAppPrivateKey(pem.toString('utf8'));
    pem.fill(0);
    const key = await keys.create(`${connection.id}-${randomBytes(6).toString('hex')}`, privateKey);
    const fields = { connection: connection.id, key };
    try {
      await keys.import(key, privateKey);
      await requireSameKey(keys, key, privateKey);
    } catch (error) {
      await this.discard(keys, fields);
      throw error;
    }
    // An error of this does not discard the key: the transaction may have been committed.
    const isUsed = await this.replace(keys, connection, { version, key });
    if (isUsed) this.logger.info(fields, 'private key moved to the key service');
    else await this.discard(keys, fields);
  }

  /**
   * Stores the reference to the key in place of the private key.
   *
   * @returns false if the private key was replaced meanwhile, or moved by another replica
   */
  private async replace(
    keys: SigningKeys,
    connection: ConnectionEntity,
    { version, key }: { readonly version: number; readonly key: string },
  ): Promise<boolean> {
    const store = await this.credentials.reserve(connection, 'signing-key');
    return this.dataSource.transaction(async (writer) => {
      await lockConnection(writer, connection.id);
      if ((await this.credentials.newestVersion(writer, connection, 'private-key')) !== version) return false;
      const added = await store(writer, signingKeyReference(keys, key));
      await this.credentials.forgetBefore(writer, connection, 'signing-key', added);
      await this.credentials.forget(writer, connection, 'private-key');
      const { id: connectionId, organizationId } = connection;
      const call = { caller: 'credential-vault', method: 'MovePrivateKey', outcome: 'ok' };
      await this.audit.append(writer, { organizationId, connectionId, ...call, scope: { service: keys.id, key } });
      return true;
    });
  }

  /** A key that stays is harmless, but no one would know of it without the log. */
  private async discard(
    keys: SigningKeys,
    fields: { readonly connection: string; readonly key: string },
  ): Promise<void> {
    try {
      await keys.discard(fields.key);
      this.logger.info(fields, 'unused key discarded in the key service');
    } catch (error) {
      this.logger.warn(
        { ...fields, failure: String(error) },
        'a key in the key service may be unused; delete it there',
      );
    }
  }
}

/** The private key is deleted here, so the service must have the same one. */
async function requireSameKey(keys: SigningKeys, key: string, privateKey: KeyObject): Promise<void> {
  const data = randomBytes(32);
  const signature = await keys.sign(key, createHash('sha256').update(data).digest());
  if (verify('sha256', data, createPublicKey(privateKey), signature)) return;
  throw new KekError(`The key service signs with another key than the imported one (${key}).`);
}
