import { Metadata } from '@grpc/grpc-js';
import { Ctx, GrpcMethod, Payload } from '@nestjs/microservices';
import {
  addExistingAppSchema,
  rotateClientSecretSchema,
  rotatePrivateKeySchema,
  rotateWebhookSecretSchema,
} from '@reunite/contracts';
import type { AppSettings, Connection, RotatedCredential } from '@reunite/contracts';
import type {
  AddExistingAppRequest,
  RotateClientSecretRequest,
  RotatePrivateKeyRequest,
  RotateWebhookSecretRequest,
} from '@reunite/contracts/bridge';
import { CredentialsService } from '../application/connections/credentials.service.js';
import { ExistingAppService } from '../application/connections/existing-app.service.js';
import { IdempotencyService } from '../application/idempotency.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { validated } from '../http/validation.js';
import { GrpcController } from './grpc-server.js';
import { idempotencyKeyOf } from './idempotency-key.js';

@GrpcController()
export class CredentialsGrpcController {
  constructor(
    private readonly existingApps: ExistingAppService,
    private readonly credentials: CredentialsService,
    private readonly idempotency: IdempotencyService,
  ) {}

  @GrpcMethod('Credentials', 'GetAppSettings')
  settings(): AppSettings {
    return this.existingApps.appSettings();
  }

  @Requires('owner')
  @GrpcMethod('Credentials', 'AddExistingApp')
  @Records('connection.add-existing-app')
  async add(
    @CurrentCaller() caller: Caller,
    @Payload() request: AddExistingAppRequest,
    @Ctx() metadata: Metadata,
  ): Promise<Connection> {
    const input = validated(addExistingAppSchema, request);
    return this.idempotency.once(caller, idempotencyKeyOf(metadata), ['add existing app', input], () =>
      this.existingApps.add(caller, input),
    );
  }

  @Requires('owner')
  @GrpcMethod('Credentials', 'RotatePrivateKey')
  @Records('credential.rotate-private-key')
  async privateKey(
    @CurrentCaller() caller: Caller,
    @Payload() request: RotatePrivateKeyRequest,
  ): Promise<RotatedCredential> {
    return this.credentials.privateKey(caller, request.id, validated(rotatePrivateKeySchema, request).privateKey);
  }

  @Requires('owner')
  @GrpcMethod('Credentials', 'RotateClientSecret')
  @Records('credential.rotate-client-secret')
  async clientSecret(
    @CurrentCaller() caller: Caller,
    @Payload() request: RotateClientSecretRequest,
  ): Promise<RotatedCredential> {
    return this.credentials.clientSecret(caller, request.id, validated(rotateClientSecretSchema, request).clientSecret);
  }

  @Requires('owner')
  @GrpcMethod('Credentials', 'RotateWebhookSecret')
  @Records('credential.rotate-webhook-secret')
  async webhookSecret(
    @CurrentCaller() caller: Caller,
    @Payload() request: RotateWebhookSecretRequest,
  ): Promise<RotatedCredential> {
    const { webhookSecret } = validated(rotateWebhookSecretSchema, request);
    return this.credentials.webhookSecret(caller, request.id, webhookSecret);
  }
}
