import { Injectable } from '@nestjs/common';
import { updateWebhookConfigForApp } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import { newWebhookSecret } from '../apps/app-keeper.js';
import { patiently } from '../apps/fresh-app.js';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { GhesClients } from '../ghes/ghes-clients.js';

/** A delivery is signed when it is sent, so what was signed with the old secret arrives within minutes. */
const WINDOW_MS = 3_600_000;

/** The secret that deliveries are signed with: kept here first, told to the server after, both accepted for a while. */
@Injectable()
export class WebhookSecretService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: Credentials,
    private readonly ghes: GhesClients,
  ) {}

  /** The secrets that a delivery may be signed with, the current one first; for the caller to zero. */
  async accepted(connection: ConnectedConnection): Promise<Buffer[]> {
    const rotatedAt = connection.webhookSecretRotatedAt?.getTime() ?? 0;
    const both = connection.webhookSecretPending || Date.now() - rotatedAt < WINDOW_MS;
    return this.credentials.newest(connection, 'webhook-secret', both ? 2 : 1);
  }

  /**
   * While the server has not confirmed the last new secret, that one is told again and no further one is made: otherwise
   * the one that the server still signs with would fall out.
   *
   * @param wanted empty to make one
   * @returns the version that deliveries are signed with from now on
   */
  async rotate(connection: ConnectedConnection, wanted: string, record: CallRecord): Promise<number> {
    const secret = Buffer.from(wanted === '' ? newWebhookSecret() : wanted);
    const version = await this.dataSource.transaction(async (manager) => {
      const row = await manager.findOneOrFail(ConnectionEntity, {
        where: { id: connection.id },
        lock: { mode: 'pessimistic_write' },
      });
      const newest = await this.credentials.newestVersion(manager, connection, 'webhook-secret');
      const added = row.webhookSecretPending
        ? newest
        : await this.credentials.add(manager, connection, 'webhook-secret', secret);
      if (!row.webhookSecretPending) {
        await this.credentials.forgetBefore(manager, connection, 'webhook-secret', newest);
        await manager.update(ConnectionEntity, { id: connection.id }, { webhookSecretPending: true });
      }
      record.scope = { ...record.scope, version: added };
      await record.commitWith(manager);
      return added;
    });
    await this.#tellServer(connection);
    return version;
  }

  /** Tells the server the newest secret, if it has not confirmed it yet; again after a crash in between. */
  async settle(connection: ConnectedConnection): Promise<void> {
    if (connection.webhookSecretPending) await this.#tellServer(connection);
  }

  async #tellServer(connection: ConnectedConnection): Promise<void> {
    const client = this.ghes.asApp(connection);
    await this.credentials.use(connection, 'webhook-secret', (secret) =>
      patiently(connection, () => updateWebhookConfigForApp(client, { secret: secret.toString('utf8') })),
    );
    const settled = { webhookSecretPending: false, webhookSecretRotatedAt: new Date() };
    await this.dataSource.getRepository(ConnectionEntity).update(connection.id, settled);
  }
}
