import { Injectable } from '@nestjs/common';
import type { ListInstallationsResponse, VaultApp } from '@reunite/contracts';
import { getAuthenticatedApp, listInstallations } from '@reunite/ghes-client';
import type { Installation } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { WebhookSecretService } from './webhook-secret.service.js';
import { retryWhileNew } from './retry-while-new.js';

/** What a server says of an app, asked as the app. */
@Injectable()
export class AppService {
  constructor(
    private readonly webhookSecrets: WebhookSecretService,
    private readonly ghes: GhesClients,
  ) {}

  async getApp(connection: ConnectedConnection): Promise<VaultApp> {
    await this.webhookSecrets.settle(connection);
    const app = await retryWhileNew(connection, () => getAuthenticatedApp(this.ghes.asApp(connection)));
    const { id, slug, name, permissions, events } = app;
    return { id, slug, name, htmlUrl: app.html_url, owner: app.owner?.login ?? '', permissions, events };
  }

  async listInstallations(connection: ConnectedConnection): Promise<ListInstallationsResponse> {
    return retryWhileNew(connection, async () => {
      const response: ListInstallationsResponse = { installations: [] };
      for await (const installation of listInstallations(this.ghes.asApp(connection))) {
        response.installations.push(toMessage(installation));
      }
      return response;
    });
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
