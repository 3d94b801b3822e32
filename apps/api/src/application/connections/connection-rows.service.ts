import { Inject, Injectable } from '@nestjs/common';
import { ConnectionEntity } from '@reunite/connections';
import { ConflictError, newId, NotFoundError } from '@reunite/contracts';
import type { ConnectionProfileInput, VaultApp } from '@reunite/contracts';
import { assertQuota, publishLiveEvent } from '@reunite/database';
import { storedProfile } from '@reunite/ghes-client';
import { DataSource } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { orNameConflict } from '../unique-violation.js';

export type BegunConnection = Pick<ConnectionEntity, 'id' | 'name' | 'origin' | 'owner'>;
interface Begin extends Omit<BegunConnection, 'id'> {
  readonly statusReason?: string;
  /** Connection profile; null for a direct connection. */
  readonly profile: ConnectionProfileInput | null;
}

/** Inserts, activates and deletes the row of a connection, for new and for existing apps. */
@Injectable()
export class ConnectionRows {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  /**
   * Inserts a pending connection.
   *
   * @throws ConflictError if the organization has a connection of this name
   * @throws QuotaExceededError
   */
  async begin({ organizationId, subject }: Caller, begin: Begin): Promise<BegunConnection> {
    const { profile, ...named } = begin;
    const connection = { ...named, id: newId('connection') };
    const stored = profile === null ? {} : { profile: storedProfile(profile, null), profileVersion: 1 };
    const row = { ...connection, ...stored, organizationId, createdBy: subject, status: 'pending' as const };
    const insert = this.dataSource.transaction(async (db) => {
      await assertQuota(db, organizationId, {
        entity: ConnectionEntity,
        limit: this.settings.quotas.connections,
        what: 'Git providers',
        setting: 'MAX_CONNECTIONS_PER_ORGANIZATION',
      });
      await db.insert(ConnectionEntity, row);
      await publishLiveEvent(db, organizationId, { type: 'connection', id: row.id, connectionId: row.id });
    });
    await orNameConflict(insert, nameTaken(begin.name));
    return connection;
  }

  /**
   * The server signs the webhooks of an app with one secret, so that a second provider would take them from the first.
   *
   * @throws ConflictError if the organization has a provider for the app
   */
  async assertNewApp(organizationId: string, origin: string, appId: number): Promise<void> {
    const existing = await this.dataSource.manager.findOneBy(ConnectionEntity, { organizationId, origin, appId });
    if (!existing) return;
    const remedy = 'Use it, or enter new credentials on its page.';
    throw new ConflictError(
      `The provider "${existing.name}" is connected to app ${appId} of ${origin} already. ${remedy}`,
    );
  }

  /** Activates a connection whose app exists. @throws NotFoundError if it was deleted meanwhile */
  async connected(organizationId: string, id: string, app: VaultApp): Promise<void> {
    const { slug: appSlug, htmlUrl: appHtmlUrl, permissions, events } = app;
    const values = { appId: app.id, appSlug, appHtmlUrl, permissions, events };
    await this.dataSource.transaction(async (db) => {
      const connected = { ...values, status: 'connected' as const, statusReason: null, updatedAt: new Date() };
      const { affected } = await db.update(ConnectionEntity, { id, organizationId }, connected);
      if (affected !== 1) throw new NotFoundError('The provider was deleted while its app was created.');
      await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
    });
  }

  /** @throws ConflictError if the organization has a connection of this name, NotFoundError if it was deleted */
  async rename(organizationId: string, id: string, name: string): Promise<void> {
    const rename = this.dataSource.transaction(async (db) => {
      const { affected } = await db.update(ConnectionEntity, { id, organizationId }, { name, updatedAt: new Date() });
      if (affected !== 1) throw new NotFoundError('The provider was deleted.');
      await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
    });
    await orNameConflict(rename, nameTaken(name));
  }

  /** Deletes the connection and, by cascade, its rows. Its name can be used again. */
  async remove(organizationId: string, id: string): Promise<void> {
    await this.dataSource.transaction(async (db) => {
      await db.delete(ConnectionEntity, { id, organizationId });
      await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
    });
  }
}

function nameTaken(name: string): string {
  return `Your organization already has a provider called "${name}".`;
}
