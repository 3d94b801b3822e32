import { Inject, Injectable } from '@nestjs/common';
import { InvalidInputError, NotFoundError } from '@reunite/contracts';
import type {
  InspectServerCertificateRequest,
  ReplaceConnectionProfileRequest,
  StoredConnectionProfile,
  VaultConnectionProfile,
} from '@reunite/contracts';
import { DIRECT_PROFILE, getAuthenticatedApp, parseServerUrl } from '@reunite/ghes-client';
import type { ConnectionProfile } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { isConnected } from '../connections/connections.js';
import { lockConnection } from '../connections/lock-connection.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { AppSigner } from '../signing/app-signer.js';
import { GHES_SETTINGS, ServerNetworks } from '../ghes/server-networks.js';
import type { GhesSettings } from '../ghes/server-networks.js';
import { ConnectionProfiles } from './connection-profiles.js';
import { ServerCheck } from './server-check.js';

/** Stores and returns the profiles of connections. */
@Injectable()
export class ProfileService {
  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly dataSource: DataSource,
    private readonly profiles: ConnectionProfiles,
    private readonly signer: AppSigner,
    private readonly networks: ServerNetworks,
    private readonly ghes: GhesClients,
    private readonly check: ServerCheck,
  ) {}

  /**
   * Stores nothing unless the server answers by the new profile, and accepts the app's credentials if there is an app.
   *
   * @returns the version
   * @throws InvalidInputError that names the fields, or the error of reaching the server
   */
  async replace(request: ReplaceConnectionProfileRequest, record: CallRecord): Promise<number> {
    const connection = await this.connection(request.organizationId, request.connectionId);
    if (!request.profile) throw new InvalidInputError('The profile is missing.');
    const stored = await this.profiles.current(connection);
    const profile = this.profiles.complete(request.profile, stored);
    record.scope = describe(profile);
    await this.check.run(connection, profile, record.signal, async (network) => {
      if (!isConnected(connection)) return;
      const { appId, id, organizationId, origin, profileVersion } = connection;
      const app = { id, organizationId, origin, profileVersion, appId, network };
      const client = await this.ghes.asAppWith(app, (data) => this.signer.sign(connection, data));
      await getAuthenticatedApp(client.withSignal(record.signal));
    });
    const store = await this.profiles.reserve(connection);
    return this.dataSource.transaction(async (manager) => {
      await lockConnection(manager, connection.id);
      const version = await store(manager, profile);
      record.scope = { ...record.scope, version };
      await record.commitWith(manager);
      return version;
    });
  }

  /** Returns the profile with its secrets. */
  async get(organizationId: string, connectionId: string): Promise<StoredConnectionProfile> {
    const connection = await this.connection(organizationId, connectionId);
    const { noProxy, ...profile } = await this.profiles.current(connection);
    return { version: connection.profileVersion, profile: { ...profile, noProxy: [...noProxy] } };
  }

  /** Reads the certificate that a server presents, in PEM. */
  async inspect(request: InspectServerCertificateRequest, record: CallRecord): Promise<string> {
    const { origin } = parseServerUrl(request.origin, this.settings);
    record.scope = { origin };
    const profile = await this.profileOf(request);
    const network = this.networks.create(request.organizationId, profile);
    try {
      return (await network.serverCertificate(origin)).toString();
    } finally {
      await network.close();
    }
  }

  private async profileOf(request: InspectServerCertificateRequest): Promise<ConnectionProfile> {
    const { organizationId, connectionId } = request;
    const entered: VaultConnectionProfile | null = request.profile ?? null;
    if (connectionId === '') return entered ? this.profiles.complete(entered, DIRECT_PROFILE) : DIRECT_PROFILE;
    const stored = await this.profiles.current(await this.connection(organizationId, connectionId));
    return entered ? this.profiles.complete(entered, stored) : stored;
  }

  /** A connection without an app has a profile too. A connection of another organization is reported as missing (P8). */
  private async connection(organizationId: string, id: string): Promise<ConnectionEntity> {
    const connection = await this.dataSource.manager.findOneBy(ConnectionEntity, { id, organizationId });
    if (!connection) throw new NotFoundError(`There is no connection ${id}.`);
    return connection;
  }
}

/** The part of a profile that the audit records: no secret and no certificate. */
function describe(profile: ConnectionProfile): Record<string, unknown> {
  const { proxyUrl, gatewayHeaderName, minTlsVersion } = profile;
  return {
    ownAuthorities: profile.caBundle !== '',
    pinned: profile.pinnedCertificate !== '',
    clientCertificate: profile.clientCertificate !== '',
    proxyUrl,
    gatewayHeaderName,
    minTlsVersion,
  };
}
