import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError } from '@reunite/contracts';
import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Credentials } from '../credentials/credentials.js';
import type { CredentialOwner } from '../credentials/credentials.js';

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

  /**
   * What of keeping needs the key service, before a server is asked for what it gives only once.
   *
   * @returns the rest, which throws ConflictError if the connection has an app already
   */
  async reserve(connection: CredentialOwner) {
    const keepClientSecret = await this.credentials.reserve(connection, 'client-secret');
    const keepPrivateKey = await this.credentials.reserve(connection, 'private-key');
    const keepWebhookSecret = await this.credentials.reserve(connection, 'webhook-secret');
    return async (writer: EntityManager, app: AppToKeep): Promise<void> => {
      const { appId, clientId, slug } = app;
      const { affected } = await writer.update(
        ConnectionEntity,
        { id: connection.id, appId: IsNull() },
        { appId, clientId, slug, webhookSecretPending: app.webhookSecret === null, connectedAt: new Date() },
      );
      if (affected !== 1) throw alreadyConnected(connection.id);
      await keepClientSecret(writer, Buffer.from(app.clientSecret));
      await keepPrivateKey(writer, Buffer.from(app.privateKey));
      await keepWebhookSecret(writer, Buffer.from(app.webhookSecret ?? newWebhookSecret()));
    };
  }
}

export function newWebhookSecret(): string {
  return randomBytes(32).toString('hex');
}

export function alreadyConnected(connectionId: string): ConflictError {
  return new ConflictError(`Connection ${connectionId} has an app already.`);
}
