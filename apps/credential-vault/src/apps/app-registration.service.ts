import { Inject, Injectable } from '@nestjs/common';
import type { RegisterAppRequest, VaultApp } from '@reunite/contracts';
import { parseServerUrl } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { claimConnection } from '../connections/claim-connection.js';
import { Connections } from '../connections/connections.js';
import { GHES_SETTINGS } from '../ghes/ghes-clients.js';
import type { GhesSettings } from '../ghes/ghes-clients.js';
import { AppKeeper } from './app-keeper.js';
import { AppProof, requireClientId, requirePermissions } from './app-proof.js';
import { AppService } from './app.service.js';

/** An app that exists already, entered by hand. */
@Injectable()
export class AppRegistrationService {
  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly dataSource: DataSource,
    private readonly proof: AppProof,
    private readonly keeper: AppKeeper,
    private readonly connections: Connections,
    private readonly apps: AppService,
  ) {}

  /** Nothing is kept unless the server confirms all of it. @throws AppProofError, InvalidPrivateKeyError, ConflictError */
  async register(request: RegisterAppRequest, record: CallRecord): Promise<VaultApp> {
    const { organizationId, connectionId, appId, clientId, clientSecret, privateKey } = request;
    const { origin } = parseServerUrl(request.origin, this.settings);
    record.scope = { origin, appId, clientId };
    // Another organization's id must be refused before the server is asked in its name.
    await this.connections.claimable(organizationId, connectionId, origin);
    const app = await this.proof.prove({ id: connectionId, origin, appId }, privateKey);
    requireClientId(app, clientId);
    requirePermissions(app, request.requiredPermissions);
    const owner = { id: connectionId, organizationId, origin };
    const keep = await this.keeper.reserve(owner);
    await this.dataSource.transaction(async (manager) => {
      await claimConnection(manager, owner);
      const webhookSecret = request.webhookSecret === '' ? null : request.webhookSecret;
      const { slug } = app;
      await keep(manager, {
        appId,
        clientId,
        slug,
        clientSecret,
        privateKey,
        webhookSecret,
      });
      // The owner entered the shared callback URL on the server: this connection's id was not known then.
      await manager.update(ConnectionEntity, { id: connectionId }, { sharedCallback: true });
      await record.commitWith(manager);
    });
    return this.apps.getApp(await this.connections.connected(organizationId, connectionId));
  }
}
