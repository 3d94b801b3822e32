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

/** Replaces an app's credentials, each in one transaction with its audit record, so the app always has a valid one. */
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

  /**
   * Verifies the new key with the server before the old one is destroyed.
   *
   * @throws AppProofError, InvalidPrivateKeyError
   */
  async privateKey(request: RotateCredentialRequest, record: CallRecord): Promise<RotateCredentialResponse> {
    const connection = await this.connection(request);
    await this.proof.prove(connection, request.credential, record.signal);
    return this.replace(connection, 'private-key', request.credential, record);
  }

  /** Not verified: a server accepts a client secret only together with a user's code or token. */
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
    const store = await this.credentials.reserve(connection, kind);
    const version = await this.dataSource.transaction(async (manager: EntityManager) => {
      // First, because it locks the connection and so serializes concurrent rotations.
      await this.tokens.forget(manager, connection);
      const added = await store(manager, Buffer.from(credential));
      await this.credentials.forgetBefore(manager, connection, kind, added);
      record.scope = { version: added };
      await record.commitWith(manager);
      return added;
    });
    return { version };
  }
}
