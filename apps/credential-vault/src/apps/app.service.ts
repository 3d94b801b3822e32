import { Injectable } from '@nestjs/common';
import type { ListInstallationsResponse, VaultApp } from '@reunite/contracts';
import { getAuthenticatedApp, listInstallations, updateWebhookConfigForApp } from '@reunite/ghes-client';
import type { Installation } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { patiently } from './fresh-app.js';

/** What a server says of an app, asked as the app. */
@Injectable()
export class AppService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly credentials: Credentials,
    private readonly ghes: GhesClients,
  ) {}

  async getApp(connection: ConnectedConnection): Promise<VaultApp> {
    await this.#settleWebhookSecret(connection);
    const app = await patiently(connection, () => getAuthenticatedApp(this.ghes.asApp(connection)));
    const { id, slug, name, permissions, events } = app;
    return { id, slug, name, htmlUrl: app.html_url, owner: app.owner?.login ?? '', permissions, events };
  }

  async listInstallations(connection: ConnectedConnection): Promise<ListInstallationsResponse> {
    return patiently(connection, async () => {
      const response: ListInstallationsResponse = { installations: [] };
      for await (const installation of listInstallations(this.ghes.asApp(connection))) {
        response.installations.push(toMessage(installation));
      }
      return response;
    });
  }

  /**
   * Tells the server the webhook secret that was made here. It is stored before, so that no delivery can come signed
   * with a secret that nobody knows, and told again after a crash in between.
   */
  async #settleWebhookSecret(connection: ConnectedConnection): Promise<void> {
    if (!connection.webhookSecretPending) return;
    const client = this.ghes.asApp(connection);
    await this.credentials.use(connection, 'webhook-secret', (secret) =>
      patiently(connection, () => updateWebhookConfigForApp(client, { secret: secret.toString('utf8') })),
    );
    await this.dataSource.getRepository(ConnectionEntity).update(connection.id, { webhookSecretPending: false });
  }
}

function toMessage(installation: Installation) {
  return {
    id: installation.id,
    owner: installation.account?.login ?? '',
    ownerType: installation.target_type,
    repositorySelection: installation.repository_selection,
    suspended: typeof installation.suspended_at === 'string',
    permissions: installation.permissions,
  };
}
