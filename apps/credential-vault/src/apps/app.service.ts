import { Injectable } from '@nestjs/common';
import type { ListInstallationsResponse, VaultApp, VaultInstallation } from '@reunite/contracts';
import { getAuthenticatedApp, listInstallations } from '@reunite/ghes-client';
import type { Installation } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { retryWhileNew } from './retry-while-new.js';
import { TooManyInstallationsError } from './too-many-installations.error.js';
import { WebhookSecretService } from './webhook-secret.service.js';

/** Keeps the response below gRPC's limit of 4 MiB and bounds what a server can make the vault collect. */
const MAX_INSTALLATIONS = 2_000;
/** GitHub has about 100 permissions. */
const MAX_PERMISSIONS = 200;

/** Reads an app and its installations from the server, as the app. */
@Injectable()
export class AppService {
  constructor(
    private readonly webhookSecrets: WebhookSecretService,
    private readonly ghes: GhesClients,
  ) {}

  async getApp(connection: ConnectedConnection): Promise<VaultApp> {
    await this.webhookSecrets.complete(connection);
    const app = await retryWhileNew(connection, () => getAuthenticatedApp(this.ghes.asApp(connection)));
    const { id, slug, name, permissions, events } = app;
    return { id, slug, name, htmlUrl: app.html_url, owner: app.owner?.login ?? '', permissions, events };
  }

  /** @throws TooManyInstallationsError */
  async listInstallations(connection: ConnectedConnection): Promise<ListInstallationsResponse> {
    return retryWhileNew(connection, async () => {
      const installations: VaultInstallation[] = [];
      for await (const installation of listInstallations(this.ghes.asApp(connection))) {
        if (installations.length === MAX_INSTALLATIONS) {
          throw new TooManyInstallationsError(connection.origin, MAX_INSTALLATIONS);
        }
        installations.push(toMessage(installation));
      }
      return { installations };
    });
  }
}

function toMessage(installation: Installation): VaultInstallation {
  const { id, account, target_type, repository_selection, suspended_at, permissions } = installation;
  return {
    id,
    owner: account?.login ?? '',
    ownerType: target_type,
    repositorySelection: repository_selection,
    suspended: typeof suspended_at === 'string',
    permissions: Object.fromEntries(Object.entries(permissions).slice(0, MAX_PERMISSIONS)),
  };
}
