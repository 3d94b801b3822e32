import { Injectable } from '@nestjs/common';
import type { VaultMethod, VaultMethods } from '@reunite/contracts';
import { AppService } from '../apps/app.service.js';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionDeletionService } from '../connections/connection-deletion.service.js';
import { Connections } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { ManifestService } from '../manifest/manifest.service.js';
import { InstallationTokenService } from '../tokens/installation-token.service.js';

type Request<Method extends VaultMethod> = VaultMethods[Method]['request'];
type Response<Method extends VaultMethod> = Promise<VaultMethods[Method]['response']>;

export type VaultHandlers = {
  [Method in VaultMethod]: (request: Request<Method>, record: CallRecord) => Response<Method>;
};

/** During a rotation deliveries signed with either secret are good. */
const ACCEPTED_WEBHOOK_SECRETS = 2;

/** One method for each of vault.proto. Who may call it was decided before. */
@Injectable()
export class VaultController implements VaultHandlers {
  constructor(
    private readonly connections: Connections,
    private readonly manifests: ManifestService,
    private readonly apps: AppService,
    private readonly tokens: InstallationTokenService,
    private readonly credentials: Credentials,
    private readonly deletion: ConnectionDeletionService,
  ) {}

  beginManifest(request: Request<'beginManifest'>, record: CallRecord): Response<'beginManifest'> {
    return this.manifests.begin(request, record);
  }

  completeManifest(request: Request<'completeManifest'>, record: CallRecord): Response<'completeManifest'> {
    return this.manifests.complete(request, record);
  }

  async getApp(request: Request<'getApp'>): Response<'getApp'> {
    return this.apps.getApp(await this.connections.connected(request.organizationId, request.connectionId));
  }

  async listInstallations(request: Request<'listInstallations'>): Response<'listInstallations'> {
    return this.apps.listInstallations(await this.connections.connected(request.organizationId, request.connectionId));
  }

  async mintInstallationToken(
    request: Request<'mintInstallationToken'>,
    record: CallRecord,
  ): Response<'mintInstallationToken'> {
    const { organizationId, connectionId, ...scope } = request;
    record.scope = scope;
    return this.tokens.mint(await this.connections.connected(organizationId, connectionId), request);
  }

  async getWebhookSecrets(request: Request<'getWebhookSecrets'>, record: CallRecord): Response<'getWebhookSecrets'> {
    const connection = await this.connections.connected(null, request.connectionId);
    record.organizationId = connection.organizationId;
    const secrets = await this.credentials.newest(connection, 'webhook-secret', ACCEPTED_WEBHOOK_SECRETS);
    return { secrets: secrets.map(takeText) };
  }

  async deleteConnection(request: Request<'deleteConnection'>, record: CallRecord): Response<'deleteConnection'> {
    await this.deletion.delete(request, record);
    return {};
  }
}

function takeText(plaintext: Buffer): string {
  const text = plaintext.toString('utf8');
  plaintext.fill(0);
  return text;
}
