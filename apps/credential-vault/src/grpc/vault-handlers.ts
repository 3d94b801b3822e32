import { Injectable } from '@nestjs/common';
import type { VaultMethod } from '@reunite/contracts';
import type { CallRecord } from '../audit/call-record.js';
import { AppController } from './app.controller.js';
import { AppWebhookController } from './app-webhook.controller.js';
import { AuditController } from './audit.controller.js';
import { CredentialController } from './credential.controller.js';
import { ProfileController } from './profile.controller.js';
import { UserController } from './user.controller.js';
import { WebhookDeliveryController } from './webhook-delivery.controller.js';
import type { MethodRequest, VaultMethodHandlers } from './vault-methods.js';

/** Routes a method to its controller. A method without a controller does not compile. */
@Injectable()
export class VaultHandlers {
  private readonly controllers: { readonly [Name in VaultMethod]: Pick<VaultMethodHandlers, Name> };

  constructor(
    apps: AppController,
    credentials: CredentialController,
    users: UserController,
    profiles: ProfileController,
    webhooks: AppWebhookController,
    deliveries: WebhookDeliveryController,
    audit: AuditController,
  ) {
    this.controllers = {
      beginManifest: apps,
      completeManifest: apps,
      registerApp: apps,
      getApp: apps,
      listInstallations: apps,
      deleteConnection: apps,
      mintInstallationToken: credentials,
      forgetTokens: credentials,
      getWebhookSecrets: credentials,
      rotatePrivateKey: credentials,
      rotateClientSecret: credentials,
      rotateWebhookSecret: credentials,
      beginUserSignIn: users,
      completeUserSignIn: users,
      confirmUserSignIn: users,
      getUserAccount: users,
      mintUserToken: users,
      endUserSignIn: users,
      replaceConnectionProfile: profiles,
      getConnectionProfile: profiles,
      inspectServerCertificate: profiles,
      getWebhook: webhooks,
      pingWebhook: webhooks,
      listWebhookDeliveries: deliveries,
      redeliverWebhooks: deliveries,
      readWebhookDelivery: deliveries,
      repairWebhook: webhooks,
      listAuditRecords: audit,
      getTokenUsage: audit,
    };
  }

  handle<Method extends VaultMethod>(
    method: Method,
    request: MethodRequest<Method>,
    record: CallRecord,
  ): Promise<object> {
    const controller = this.controllers[method] as VaultMethodHandlers;
    return controller[method](request, record);
  }
}
