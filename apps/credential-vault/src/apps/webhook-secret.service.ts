import { Injectable } from '@nestjs/common';
import { ConflictError } from '@reunite/contracts';
import { updateWebhookConfigForApp } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import { newWebhookSecret } from '../apps/app-keeper.js';
import { retryWhileNew } from '../apps/retry-while-new.js';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { lockConnection } from '../connections/lock-connection.js';
import { Credentials } from '../credentials/credentials.js';
import { GhesClients } from '../ghes/ghes-clients.js';

/** A delivery is signed when it is sent, so what was signed with the old secret arrives within minutes. */
const WINDOW_MS = 3_600_000;
/** Secrets from before that are accepted within the window, however often it is rotated. */
const PREVIOUS = 4;
/** How often a server is told again because a newer secret came while it was told one. */
const TELLINGS = 3;

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
    const limit = connection.webhookSecretPending || isRecent(connection) ? 1 + PREVIOUS : 1;
    return this.credentials.newest(connection, 'webhook-secret', limit);
  }

  /**
   * While the server has not confirmed the last new secret, that one is told first: otherwise the one that the server
   * still signs with would fall out.
   *
   * @param wanted empty to make one
   * @returns the version that deliveries are signed with from now on
   * @throws ConflictError where another rotation is on its way
   */
  async rotate(connection: ConnectedConnection, wanted: string, record: CallRecord): Promise<number> {
    await this.settle(connection);
    const keep = await this.credentials.reserve(connection, 'webhook-secret');
    const version = await this.dataSource.transaction(async (manager) => {
      const row = await lockConnection(manager, connection.id);
      if (row.webhookSecretPending) {
        throw new ConflictError('Another webhook secret is being told to the server just now. Try again.');
      }
      const added = await keep(manager, Buffer.from(wanted === '' ? newWebhookSecret() : wanted));
      const previous = isRecent(row) ? PREVIOUS : 1;
      await this.credentials.forgetBefore(manager, connection, 'webhook-secret', added - previous);
      await manager.update(ConnectionEntity, { id: connection.id }, { webhookSecretPending: true });
      record.scope = { version: added };
      await record.commitWith(manager);
      return added;
    });
    await this.tellServer(connection);
    return version;
  }

  /** Tells the server the newest secret, if it has not confirmed it yet; again after a crash in between. */
  async settle(connection: ConnectedConnection): Promise<void> {
    if (connection.webhookSecretPending) await this.tellServer(connection);
  }

  private async tellServer(connection: ConnectedConnection): Promise<void> {
    const client = this.ghes.asApp(connection);
    for (let telling = 0; telling < TELLINGS; telling += 1) {
      const version = await this.credentials.newestVersion(this.dataSource.manager, connection, 'webhook-secret');
      const secret = await this.credentials.version(connection, 'webhook-secret', version);
      try {
        await retryWhileNew(connection, () => updateWebhookConfigForApp(client, { secret: secret.toString('utf8') }));
      } finally {
        secret.fill(0);
      }
      if (await this.settled(connection, version)) return;
    }
  }

  /** False where a newer one came meanwhile: whoever told the older one last may have told it after the newer. */
  private async settled({ id }: ConnectedConnection, version: number): Promise<boolean> {
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

function isRecent({ webhookSecretRotatedAt: rotatedAt }: ConnectionEntity): boolean {
  return rotatedAt !== null && Date.now() - rotatedAt.getTime() < WINDOW_MS;
}
