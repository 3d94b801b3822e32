import { Injectable } from '@nestjs/common';
import { ConflictError } from '@reunite/contracts';
import { updateWebhookConfigForApp } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { lockConnection } from '../connections/lock-connection.js';
import { Credentials } from '../credentials/credentials.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { newWebhookSecret } from './app-keeper.js';
import { retryWhileNew } from './retry-while-new.js';

/**
 * Time in ms that previous secrets stay accepted. A delivery is signed when it is sent, so it arrives within minutes.
 */
const OVERLAP_MS = 3_600_000;
/** Previous secrets that are accepted during the overlap. */
const MAX_PREVIOUS = 4;
/** Attempts to send the newest secret while concurrent rotations replace it. */
const MAX_UPDATES = 3;

/** Rotates webhook secrets: stores the new one, then sends it to the server. Both are accepted for a while. */
@Injectable()
export class WebhookSecretService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: Credentials,
    private readonly ghes: GhesClients,
  ) {}

  /** @returns the secrets that a delivery may be signed with, newest first; the caller zeroes them */
  async accepted(connection: ConnectedConnection): Promise<Buffer[]> {
    const limit = connection.webhookSecretPending || wasRotatedRecently(connection) ? 1 + MAX_PREVIOUS : 1;
    return this.credentials.newest(connection, 'webhook-secret', limit);
  }

  /**
   * Completes an unconfirmed rotation first, because another one would drop the secret that the server still signs
   * with.
   *
   * @param secret empty to generate one
   * @returns the version that deliveries are signed with afterwards
   * @throws ConflictError during another rotation
   */
  async rotate(connection: ConnectedConnection, secret: string, record: CallRecord): Promise<number> {
    await this.complete(connection);
    const store = await this.credentials.reserve(connection, 'webhook-secret');
    const version = await this.dataSource.transaction(async (manager) => {
      const existing = await lockConnection(manager, connection.id);
      if (existing.webhookSecretPending) {
        throw new ConflictError('Another webhook secret is being sent to the server. Try again.');
      }
      const added = await store(manager, Buffer.from(secret === '' ? newWebhookSecret() : secret));
      const previous = wasRotatedRecently(existing) ? MAX_PREVIOUS : 1;
      await this.credentials.forgetBefore(manager, connection, 'webhook-secret', added - previous);
      await manager.update(ConnectionEntity, { id: connection.id }, { webhookSecretPending: true });
      record.scope = { version: added };
      await record.commitWith(manager);
      return added;
    });
    await this.updateServer(connection);
    return version;
  }

  /** Sends the newest secret to the server unless the server has confirmed it, e.g. after a crash during a rotation. */
  async complete(connection: ConnectedConnection): Promise<void> {
    if (connection.webhookSecretPending) await this.updateServer(connection);
  }

  private async updateServer(connection: ConnectedConnection): Promise<void> {
    const client = await this.ghes.asApp(connection);
    for (let update = 0; update < MAX_UPDATES; update += 1) {
      const version = await this.credentials.newestVersion(this.dataSource.manager, connection, 'webhook-secret');
      const secret = await this.credentials.version(connection, 'webhook-secret', version);
      try {
        await retryWhileNew(connection, () => updateWebhookConfigForApp(client, { secret: secret.toString('utf8') }));
      } finally {
        secret.fill(0);
      }
      if (await this.confirm(connection, version)) return;
    }
  }

  /** @returns false if a newer version exists: concurrent updates may have reached the server in either order */
  private async confirm({ id }: ConnectedConnection, version: number): Promise<boolean> {
    const newest = `(SELECT max(version) FROM credential WHERE connection_id = :id AND kind = 'webhook-secret')`;
    const { affected } = await this.dataSource
      .createQueryBuilder()
      .update(ConnectionEntity)
      .set({ webhookSecretPending: false, webhookSecretRotatedAt: new Date() })
      .where(`id = :id AND :version = ${newest}`, { id, version })
      .execute();
    return affected === 1;
  }
}

function wasRotatedRecently({ webhookSecretRotatedAt: rotatedAt }: ConnectionEntity): boolean {
  return rotatedAt !== null && Date.now() - rotatedAt.getTime() < OVERLAP_MS;
}
