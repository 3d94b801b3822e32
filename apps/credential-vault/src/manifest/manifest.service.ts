import { Inject, Injectable } from '@nestjs/common';
import type {
  BeginManifestRequest,
  BeginManifestResponse,
  CompleteManifestRequest,
  CompleteManifestResponse,
} from '@reunite/contracts';
import { parseServerUrl } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import { AppService } from '../apps/app.service.js';
import type { CallRecord } from '../audit/call-record.js';
import { claimConnection } from '../connections/claim-connection.js';
import { Connections } from '../connections/connections.js';
import { GHES_SETTINGS } from '../ghes/server-networks.js';
import type { GhesSettings } from '../ghes/server-networks.js';
import { NewProfiles } from '../profiles/new-profiles.js';
import { ManifestExchange } from './manifest-exchange.js';
import { ManifestStates } from './manifest-states.js';

/** The manifest flow: creates a GitHub App whose credentials only the vault receives. */
@Injectable()
export class ManifestService {
  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly dataSource: DataSource,
    private readonly states: ManifestStates,
    private readonly connections: Connections,
    private readonly exchange: ManifestExchange,
    private readonly apps: AppService,
    private readonly newProfiles: NewProfiles,
  ) {}

  async begin(request: BeginManifestRequest, record: CallRecord): Promise<BeginManifestResponse> {
    const { organizationId, subject, connectionId, owner } = request;
    const { origin } = parseServerUrl(request.origin, this.settings);
    record.scope = { origin, owner };
    // Rejects the id of another organization before a request is sent on its behalf.
    await this.connections.claimable(organizationId, connectionId, origin);
    const claim = { id: connectionId, organizationId, origin };
    const profile = await this.newProfiles.checked(claim, request.profile ?? null, record.signal, () =>
      Promise.resolve(),
    );
    return this.dataSource.transaction(async (manager) => {
      await claimConnection(manager, claim);
      await profile.store(manager);
      const state = await this.states.issue(manager, { organizationId, subject, connectionId, origin, owner });
      await record.commitWith(manager);
      return { state };
    });
  }

  async complete(request: CompleteManifestRequest, record: CallRecord): Promise<CompleteManifestResponse> {
    const { organizationId, subject, state, code } = request;
    const flow = await this.states.claim(state, { organizationId, subject });
    const { connectionId, origin, owner } = flow;
    record.connectionId = connectionId;
    record.scope = { origin, owner };
    await this.exchange.exchange(flow, code, record);
    const connection = await this.connections.connected(organizationId, connectionId);
    return { connectionId, app: await this.apps.getApp(connection, record.signal) };
  }
}
