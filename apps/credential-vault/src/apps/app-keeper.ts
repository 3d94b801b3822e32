import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError } from '@reunite/contracts';
import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Credentials } from '../credentials/credentials.js';

/** An app with all that it is known by. */
export interface AppToKeep {
  readonly appId: number;
  readonly clientId: string;
  readonly slug: string;
  readonly clientSecret: string;
  readonly privateKey: string;
  /** Null: one is made here, and the server is told after. */
  readonly webhookSecret: string | null;
}

/** Gives a connection its app, once. */
@Injectable()
export class AppKeeper {
  constructor(private readonly credentials: Credentials) {}

  /** @throws ConflictError if the connection has an app already */
  async keep(manager: EntityManager, connectionId: string, app: AppToKeep): Promise<void> {
    const { appId, clientId, slug } = app;
    const { affected } = await manager.update(
      ConnectionEntity,
      { id: connectionId, appId: IsNull() },
      { appId, clientId, slug, webhookSecretPending: app.webhookSecret === null, connectedAt: new Date() },
    );
    if (affected !== 1) throw alreadyConnected(connectionId);
    const connection = await manager.findOneByOrFail(ConnectionEntity, { id: connectionId });
    const webhookSecret = app.webhookSecret ?? newWebhookSecret();
    await this.credentials.add(manager, connection, 'client-secret', Buffer.from(app.clientSecret));
    await this.credentials.add(manager, connection, 'private-key', Buffer.from(app.privateKey));
    await this.credentials.add(manager, connection, 'webhook-secret', Buffer.from(webhookSecret));
  }
}

export function newWebhookSecret(): string {
  return randomBytes(32).toString('hex');
}

export function alreadyConnected(connectionId: string): ConflictError {
  return new ConflictError(`Connection ${connectionId} has an app already.`);
}
