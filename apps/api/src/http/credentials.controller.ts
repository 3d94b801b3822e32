import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  rotateClientSecretSchema,
  rotatedCredentialSchema,
  rotatePrivateKeySchema,
  rotateWebhookSecretSchema,
} from '@reunite/contracts';
import type { RotateClientSecret, RotatedCredential, RotatePrivateKey, RotateWebhookSecret } from '@reunite/contracts';
import { CredentialsService } from '../application/connections/credentials.service.js';
import { Records } from '../activity/activity.interceptor.js';
import { CurrentCaller, Requires } from '../auth/access.decorators.js';
import type { Caller } from '../auth/caller.js';
import { Answers, Documented, Identifies, Operation } from './documented.js';

@Documented('Connections')
@Requires('owner')
@Controller('v1/connections/:id')
export class CredentialsController {
  constructor(private readonly credentials: CredentialsService) {}

  @Post('private-key')
  @Operation(
    'RotatePrivateKey',
    'Replace the private key of an app',
    'Stores the key if the server accepts it. It is never returned.',
  )
  @Identifies('connection')
  @HttpCode(200)
  @Answers(rotatedCredentialSchema)
  @Records('credential.rotate-private-key')
  privateKey(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: rotatePrivateKeySchema }) { privateKey }: RotatePrivateKey,
  ): Promise<RotatedCredential> {
    return this.credentials.privateKey(caller, id, privateKey);
  }

  @Post('client-secret')
  @Operation(
    'RotateClientSecret',
    'Replace the client secret of an app',
    'Stores the secret if the server accepts it. It is never returned.',
  )
  @Identifies('connection')
  @HttpCode(200)
  @Answers(rotatedCredentialSchema)
  @Records('credential.rotate-client-secret')
  clientSecret(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: rotateClientSecretSchema }) { clientSecret }: RotateClientSecret,
  ): Promise<RotatedCredential> {
    return this.credentials.clientSecret(caller, id, clientSecret);
  }

  @Post('webhook-secret')
  @Operation(
    'RotateWebhookSecret',
    'Replace the webhook secret of an app',
    'Without a secret, a new one is generated and set on the server. Signatures with the previous secret are accepted for a transition period.',
  )
  @Identifies('connection')
  @HttpCode(200)
  @Answers(rotatedCredentialSchema)
  @Records('credential.rotate-webhook-secret')
  webhookSecret(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: rotateWebhookSecretSchema }) { webhookSecret }: RotateWebhookSecret,
  ): Promise<RotatedCredential> {
    return this.credentials.webhookSecret(caller, id, webhookSecret);
  }
}
