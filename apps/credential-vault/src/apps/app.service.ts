import { Injectable } from '@nestjs/common';
import type { InstallationRequest, ListInstallationsResponse, VaultApp, VaultInstallation } from '@reunite/contracts';
import {
  getAuthenticatedApp,
  getWebhookConfigForApp,
  GhesError,
  listInstallationRequests,
  listInstallations,
} from '@reunite/ghes-client';
import type { GhesClient, Installation } from '@reunite/ghes-client';
import type { ConnectedConnection } from '../connections/connections.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { retryWhileNew } from './retry-while-new.js';
import { WebhookSecretService } from './webhook-secret.service.js';

/** GitHub has about 100 permissions. */
const MAX_PERMISSIONS = 200;

/** Reads an app and its installations from the server, as the app. */
@Injectable()
export class AppService {
  constructor(
    private readonly webhookSecrets: WebhookSecretService,
    private readonly ghes: GhesClients,
  ) {}

  async getApp(connection: ConnectedConnection, signal: AbortSignal): Promise<VaultApp> {
    await this.webhookSecrets.complete(connection);
    const client = (await this.ghes.asApp(connection)).withSignal(signal);
    const app = await retryWhileNew(connection, () => getAuthenticatedApp(client), signal);
    const { id, slug, name, permissions, events } = app;
    const webhookUrl = await webhookUrlOf(client);
    return {
      id,
      slug,
      name,
      htmlUrl: app.html_url,
      owner: app.owner?.login ?? '',
      permissions,
      events,
      ...(webhookUrl !== undefined && { webhookUrl }),
      ...(app.owner && { ownerId: app.owner.id }),
    };
  }

  /** @throws GhesResponseTooLargeError for more pages or installations than {@link GhesClients} allows */
  async listInstallations(connection: ConnectedConnection, signal: AbortSignal): Promise<ListInstallationsResponse> {
    const client = (await this.ghes.asApp(connection)).withSignal(signal);
    const attempt = async () => {
      const installations: VaultInstallation[] = [];
      for await (const installation of listInstallations(client)) installations.push(toMessage(installation));
      return { installations, requests: await requestsOf(client) };
    };
    return retryWhileNew(connection, attempt, signal);
  }
}

/** Returns undefined if the server does not say: only a warning depends on it. */
async function webhookUrlOf(client: GhesClient): Promise<string | undefined> {
  try {
    return (await getWebhookConfigForApp(client)).url ?? '';
  } catch (error) {
    if (error instanceof GhesError && !error.retryable) return undefined;
    throw error;
  }
}

/** Requests that are listed; an organization has few. */
const MAX_REQUESTS = 100;

/** Members' requests to install the app. Servers that have no such list answer 404. */
async function requestsOf(client: GhesClient): Promise<InstallationRequest[]> {
  const requests: InstallationRequest[] = [];
  try {
    for await (const { account, requester, created_at: requestedAt } of listInstallationRequests(client)) {
      requests.push({ owner: account.login, requestedBy: requester.login, requestedAt });
      if (requests.length === MAX_REQUESTS) break;
    }
  } catch (error) {
    if (!(error instanceof GhesError && error.code === 'ghes-not-found')) throw error;
  }
  return requests;
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
