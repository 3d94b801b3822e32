import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { authorizeToken } from '../access/token-access.js';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import { takeText } from '../crypto/take-text.js';
import { RotationService } from '../rotation/rotation.service.js';
import { WebhookSecretService } from '../apps/webhook-secret.service.js';
import { InstallationTokenService } from '../tokens/installation-token.service.js';
import { UserAccounts } from '../users/user-accounts.js';
import type { MethodRequest, MethodResponse, VaultMethodHandlers } from './vault-methods.js';
import { countToken } from '../vault-metrics.js';

/** Methods that use or rotate an app's credentials. */
@Injectable()
export class CredentialController implements Partial<VaultMethodHandlers> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly tokens: InstallationTokenService,
    private readonly webhookSecrets: WebhookSecretService,
    private readonly rotation: RotationService,
    private readonly users: UserAccounts,
  ) {}

  async mintInstallationToken(
    request: MethodRequest<'mintInstallationToken'>,
    record: CallRecord,
  ): Promise<MethodResponse<'mintInstallationToken'>> {
    const { organizationId, connectionId, installationId, repositoryIds, permissions } = request;
    record.scope = { installationId, repositoryIds, permissions };
    authorizeToken(record.caller, request);
    // Most calls end here: the statement that appends the audit record also verifies that the connection is unchanged.
    const connection = this.connections.lastRead(organizationId, connectionId);
    const cached = connection && this.tokens.cached(connection, request);
    if (cached && (await record.succeedIfUnchanged(connection))) {
      countToken('installation', 'cached');
      return cached;
    }
    return this.tokens.mint(await this.connections.connected(organizationId, connectionId), request);
  }

  async forgetTokens(
    request: MethodRequest<'forgetTokens'>,
    record: CallRecord,
  ): Promise<MethodResponse<'forgetTokens'>> {
    const connection = await this.connections.connected(request.organizationId, request.connectionId);
    await this.dataSource.transaction(async (manager) => {
      await this.tokens.forget(manager, connection);
      await this.users.invalidateVerifications(manager, connection);
      await record.commitWith(manager);
    });
    return {};
  }

  async getWebhookSecrets(
    request: MethodRequest<'getWebhookSecrets'>,
    record: CallRecord,
  ): Promise<MethodResponse<'getWebhookSecrets'>> {
    const connection = await this.connections.connected(null, request.connectionId);
    record.organizationId = connection.organizationId;
    const secrets = await this.webhookSecrets.accepted(connection);
    return { secrets: secrets.map(takeText) };
  }

  rotatePrivateKey(
    request: MethodRequest<'rotatePrivateKey'>,
    record: CallRecord,
  ): Promise<MethodResponse<'rotatePrivateKey'>> {
    return this.rotation.privateKey(request, record);
  }

  rotateClientSecret(
    request: MethodRequest<'rotateClientSecret'>,
    record: CallRecord,
  ): Promise<MethodResponse<'rotateClientSecret'>> {
    return this.rotation.clientSecret(request, record);
  }

  rotateWebhookSecret(
    request: MethodRequest<'rotateWebhookSecret'>,
    record: CallRecord,
  ): Promise<MethodResponse<'rotateWebhookSecret'>> {
    return this.rotation.webhookSecret(request, record);
  }
}
