import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConflictError } from '@reunite/contracts';
import { IsNull } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { Credentials } from '../credentials/credentials.js';
import type { CredentialOwner } from '../credentials/credentials.js';

/** An app with all of its credentials. */
export interface NewApp {
  readonly appId: number;
  readonly clientId: string;
  readonly slug: string;
  readonly clientSecret: string;
  readonly privateKey: string;
  /** Null to generate one here and send it to the server afterwards. */
  readonly webhookSecret: string | null;
  /** The app lists only the callback URL that all connections share. */
  readonly sharedCallback?: boolean;
}

/** Stores the app. @throws ConflictError if the connection already has one */
export type StoreApp = (manager: EntityManager, app: NewApp) => Promise<void>;

/** Stores the app of a connection, once. */
@Injectable()
export class AppKeeper {
  constructor(private readonly credentials: Credentials) {}

  /** Makes all calls to the key service, before a server is asked for credentials that it returns only once. */
  async reserve(connection: CredentialOwner): Promise<StoreApp> {
    const storeClientSecret = await this.credentials.reserve(connection, 'client-secret');
    const storePrivateKey = await this.credentials.reserve(connection, 'private-key');
    const storeWebhookSecret = await this.credentials.reserve(connection, 'webhook-secret');
    return async (manager, app) => {
      const { appId, clientId, slug, sharedCallback } = app;
      const { affected } = await manager.update(
        ConnectionEntity,
        { id: connection.id, appId: IsNull() },
        {
          appId,
          clientId,
          slug,
          webhookSecretPending: app.webhookSecret === null,
          connectedAt: new Date(),
          ...(sharedCallback === undefined ? {} : { sharedCallback }),
        },
      );
      if (affected !== 1) throw alreadyConnected(connection.id);
      await storeClientSecret(manager, Buffer.from(app.clientSecret));
      await storePrivateKey(manager, Buffer.from(app.privateKey));
      await storeWebhookSecret(manager, Buffer.from(app.webhookSecret ?? newWebhookSecret()));
    };
  }
}

export function newWebhookSecret(): string {
  return randomBytes(32).toString('hex');
}

export function alreadyConnected(connectionId: string): ConflictError {
  return new ConflictError(`Connection ${connectionId} already has an app.`);
}
