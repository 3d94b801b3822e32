import { Inject, Injectable } from '@nestjs/common';
import { appManifest, ConnectionEntity } from '@reunite/connections';
import { ConflictError, InvalidInputError, jobs, newId, NotFoundError } from '@reunite/contracts';
import type { CompleteManifestResponse, CreateConnection, ManifestForm } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { InvalidServerUrlError, manifestFormUrl, parseServerUrl } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { SETTINGS } from '../settings.js';
import type { ApiSettings } from '../settings.js';
import { VAULT } from '../vault.js';
import type { Vault } from '../vault.js';
import { JobRequests } from './job-requests.service.js';
import { TenantLookup } from './tenant-lookup.service.js';
import { orNameConflict } from './unique-violation.js';

type Begun = Pick<ConnectionEntity, 'id' | 'name' | 'origin' | 'owner'>;

/** Adding a provider: a pending connection, the server's own page, and back with the app made. */
@Injectable()
export class ConnectService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly requests: JobRequests,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /** @throws InvalidInputError for the server URL, ConflictError for the name */
  async begin(caller: Caller, { name, serverUrl, owner }: CreateConnection): Promise<ManifestForm> {
    const { organizationId, subject } = caller;
    const connection = { id: newId('connection'), name, origin: this.originOf(serverUrl), owner };
    const row = { ...connection, organizationId, createdBy: subject, status: 'pending' as const };
    const insert = this.dataSource.transaction(async (db) => {
      await db.insert(ConnectionEntity, row);
      await publishLiveEvent(db, organizationId, { type: 'connection', id: row.id, connectionId: row.id });
    });
    await orNameConflict(insert, `Your organization has a provider called "${name}" already.`);
    try {
      return await this.formOf(caller, connection);
    } catch (error) {
      // Nothing to come back to: the name is free for the next attempt.
      await this.dataSource.manager.delete(ConnectionEntity, { id: row.id });
      throw error;
    }
  }

  /** The form once more, for a setup that was left. */
  async beginAgain(caller: Caller, connectionId: string): Promise<ManifestForm> {
    const connection = await this.lookup.connection(caller.organizationId, connectionId);
    if (connection.status !== 'pending') throw new ConflictError(`${connection.name} has its app already.`);
    return this.formOf(caller, connection);
  }

  /** The server sent the person back with a code: the vault exchanges it. @returns the connection's id */
  async complete({ organizationId, subject }: Caller, code: string, state: string): Promise<string> {
    const completed = await this.vault.completeManifest({ organizationId, subject, code, state });
    await this.markConnected(organizationId, completed);
    await this.requests.follow(jobs.refreshConnection, { connectionId: completed.connectionId });
    return completed.connectionId;
  }

  /** The server says that the app was installed somewhere. That can be forged, so it is only a reason to look. */
  async installed({ organizationId }: Caller, connectionId: string): Promise<string> {
    const { id } = await this.lookup.connection(organizationId, connectionId);
    await this.requests.follow(jobs.refreshConnection, { connectionId: id });
    return id;
  }

  private async markConnected(organizationId: string, { connectionId: id, app }: CompleteManifestResponse) {
    const { slug: appSlug, htmlUrl: appHtmlUrl, permissions, events } = app;
    const values = { appId: app.id, appSlug, appHtmlUrl, permissions, events };
    await this.dataSource.transaction(async (db) => {
      const connected = { ...values, status: 'connected' as const, statusReason: null, updatedAt: new Date() };
      const { affected } = await db.update(ConnectionEntity, { id, organizationId }, connected);
      if (affected !== 1) throw new NotFoundError('The provider was deleted while its app was made.');
      await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
    });
  }

  private async formOf({ organizationId, subject }: Caller, connection: Begun): Promise<ManifestForm> {
    const { id: connectionId, name, origin, owner } = connection;
    const { state } = await this.vault.beginManifest({ organizationId, subject, connectionId, origin, owner });
    const { publicUrl, webhookPublicUrl } = this.settings;
    const addresses = { apiUrl: publicUrl, homepageUrl: publicUrl, webhookUrl: webhookPublicUrl };
    const manifest = JSON.stringify(appManifest(connectionId, name, addresses));
    return { connectionId, action: manifestFormUrl({ origin, owner, state }), manifest };
  }

  private originOf(serverUrl: string): string {
    try {
      return parseServerUrl(serverUrl, this.settings).origin;
    } catch (error) {
      if (!(error instanceof InvalidServerUrlError)) throw error;
      throw new InvalidInputError(error.message, [{ path: 'serverUrl', message: error.message }]);
    }
  }
}
