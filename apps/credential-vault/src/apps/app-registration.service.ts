import { Inject, Injectable } from '@nestjs/common';
import type { RegisterAppRequest, VaultApp } from '@reunite/contracts';
import { parseServerUrl } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { claimConnection } from '../connections/claim-connection.js';
import { Connections } from '../connections/connections.js';
import { GHES_SETTINGS } from '../ghes/server-networks.js';
import type { GhesSettings } from '../ghes/server-networks.js';
import { NewProfiles } from '../profiles/new-profiles.js';
import { AppKeeper } from './app-keeper.js';
import { AppProof, requireClientId, requirePermissions } from './app-proof.js';
import { AppService } from './app.service.js';

/** Registers an app that already exists on the server and was entered by hand. */
@Injectable()
export class AppRegistrationService {
  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly dataSource: DataSource,
    private readonly proof: AppProof,
    private readonly keeper: AppKeeper,
    private readonly connections: Connections,
    private readonly apps: AppService,
    private readonly newProfiles: NewProfiles,
  ) {}

  /**
   * Stores nothing unless the server confirms everything.
   *
   * @throws AppProofError, InvalidPrivateKeyError, ConflictError
   */
  async register(request: RegisterAppRequest, record: CallRecord): Promise<VaultApp> {
    const { organizationId, connectionId, appId, clientId, clientSecret, privateKey } = request;
    const { origin } = parseServerUrl(request.origin, this.settings);
    record.scope = { origin, appId, clientId };
    // Rejects the id of another organization before a request is sent on its behalf.
    await this.connections.claimable(organizationId, connectionId, origin);
    const owner = { id: connectionId, organizationId, origin };
    const profile = await this.newProfiles.checked(owner, request.profile ?? null, record.signal, async (network) => {
      const claimed = { ...owner, appId, network, profileVersion: 0 };
      return this.proof.prove(claimed, privateKey, record.signal);
    });
    const app = profile.result;
    requireClientId(app, clientId);
    requirePermissions(app, request.requiredPermissions);
    const store = await this.keeper.reserve(owner);
    await this.dataSource.transaction(async (manager) => {
      await claimConnection(manager, owner);
      await profile.store(manager);
      await store(manager, {
        appId,
        clientId,
        slug: app.slug,
        clientSecret,
        privateKey,
        webhookSecret: request.webhookSecret === '' ? null : request.webhookSecret,
        // The owner entered the shared URL on the server, where the id of this connection was not known.
        sharedCallback: true,
      });
      await record.commitWith(manager);
    });
    return this.apps.getApp(await this.connections.connected(organizationId, connectionId), record.signal);
  }
}
