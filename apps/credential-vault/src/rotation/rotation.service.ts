import { Injectable } from '@nestjs/common';
import type { RotateCredentialRequest, RotateCredentialResponse } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { AppProof } from '../apps/app-proof.js';
import type { CallRecord } from '../audit/call-record.js';
import { Connections } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import type { AppCredentialKind } from '../envelope/envelope.js';
import { InstallationTokenService } from '../tokens/installation-token.service.js';
import { WebhookSecretService } from '../apps/webhook-secret.service.js';

/** Replaces credentials of an app. Each is one transaction with its audit record: there is no moment without a credential. */
@Injectable()
export class RotationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connections: Connections,
    private readonly credentials: Credentials,
    private readonly proof: AppProof,
    private readonly tokens: InstallationTokenService,
    private readonly webhookSecrets: WebhookSecretService,
  ) {}

  /** The new key is proven with the server before the old one is forgotten. @throws AppProofError, InvalidPrivateKeyError */
  async privateKey(request: RotateCredentialRequest, record: CallRecord): Promise<RotateCredentialResponse> {
    const connection = await this.connection(request);
    await this.proof.prove(connection, request.credential);
    return this.replace(connection, 'private-key', request.credential, record);
  }

  /** A server has no way to ask whether a client secret is good without a user; its first use shows. */
  async clientSecret(request: RotateCredentialRequest, record: CallRecord): Promise<RotateCredentialResponse> {
    const connection = await this.connection(request);
    return this.replace(connection, 'client-secret', request.credential, record);
  }

  async webhookSecret(request: RotateCredentialRequest, record: CallRecord): Promise<RotateCredentialResponse> {
    const connection = await this.connection(request);
    return { version: await this.webhookSecrets.rotate(connection, request.credential, record) };
  }

  private connection({ organizationId, connectionId }: RotateCredentialRequest) {
    return this.connections.connected(organizationId, connectionId);
  }

  private async replace(
    connection: ConnectedConnection,
    kind: AppCredentialKind,
    credential: string,
    record: CallRecord,
  ) {
    const keep = await this.credentials.reserve(connection, kind);
    const version = await this.dataSource.transaction(async (manager: EntityManager) => {
      // First, since it locks the connection: of two rotations at the same time one comes after the other.
      await this.tokens.forget(manager, connection);
      const added = await keep(manager, Buffer.from(credential));
      await this.credentials.forgetBefore(manager, connection, kind, added);
      record.scope = { version: added };
      await record.commitWith(manager);
      return added;
    });
    return { version };
  }
}
