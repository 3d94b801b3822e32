import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RATE_LIMITS } from './access/rate-limits.js';
import type { RateLimits } from './access/rate-limits.js';
import { AppKeeper } from './apps/app-keeper.js';
import { AppProof } from './apps/app-proof.js';
import { AppRegistrationService } from './apps/app-registration.service.js';
import { AppWebhookService } from './apps/app-webhook.service.js';
import { WebhookDeliveryService } from './apps/webhook-delivery.service.js';
import { AppService } from './apps/app.service.js';
import { AuditLog } from './audit/audit-log.js';
import { ConnectionAudit } from './audit/connection-audit.js';
import { ConnectionDeletionService } from './deletion/connection-deletion.service.js';
import { Connections } from './connections/connections.js';
import { Credentials } from './credentials/credentials.js';
import { Envelope } from './envelope/envelope.js';
import { KEK_PROVIDER } from './kek/kek-provider.js';
import type { KekProvider } from './kek/kek-provider.js';
import { GhesClients } from './ghes/ghes-clients.js';
import { GHES_SETTINGS, ServerNetworks } from './ghes/server-networks.js';
import type { GhesSettings } from './ghes/server-networks.js';
import { AppController } from './grpc/app.controller.js';
import { AppWebhookController } from './grpc/app-webhook.controller.js';
import { WebhookDeliveryController } from './grpc/webhook-delivery.controller.js';
import { AuditController } from './grpc/audit.controller.js';
import { CredentialController } from './grpc/credential.controller.js';
import { ProfileController } from './grpc/profile.controller.js';
import { UserController } from './grpc/user.controller.js';
import { VaultHandlers } from './grpc/vault-handlers.js';
import { VaultServer } from './grpc/vault.server.js';
import { LOGGER } from './logger.js';
import type { Logger } from './logger.js';
import { ManifestExchange } from './manifest/manifest-exchange.js';
import { ManifestStates } from './manifest/manifest-states.js';
import { ManifestService } from './manifest/manifest.service.js';
import { ConnectionProfiles } from './profiles/connection-profiles.js';
import { NewProfiles } from './profiles/new-profiles.js';
import { ProfileService } from './profiles/profile.service.js';
import { ServerCheck } from './profiles/server-check.js';
import { RotationService } from './rotation/rotation.service.js';
import { WebhookSecretService } from './apps/webhook-secret.service.js';
import { DeletedConnectionsSweep, SWEEP_MS } from './tokens/deleted-connections.sweep.js';
import { AppSigner } from './signing/app-signer.js';
import { PrivateKeysSweep } from './signing/private-keys.sweep.js';
import { SIGNING_KEYS } from './signing/signing-keys.js';
import type { SigningKeys } from './signing/signing-keys.js';
import { InstallationTokenService } from './tokens/installation-token.service.js';
import { PkceVerifiers } from './users/pkce-verifiers.js';
import { SignInCallback } from './users/sign-in-callback.js';
import { SignInExchange } from './users/sign-in-exchange.js';
import { SignInService } from './users/sign-in.service.js';
import { SignInStates } from './users/sign-in-states.js';
import { UserAccountService } from './users/user-account.service.js';
import { UserAccounts } from './users/user-accounts.js';
import { UserRevocation } from './users/user-revocation.js';
import { UserTokenRenewal } from './users/user-token-renewal.js';
import { UserTokenService } from './users/user-token.service.js';

/** Everything that the vault's services depend on. */
export interface VaultResources {
  readonly dataSource: DataSource;
  readonly kek: KekProvider;
  /** Keeps the private keys of apps; null to keep them in the database. */
  readonly signingKeys: SigningKeys | null;
  readonly ghes: GhesSettings;
  readonly limits: RateLimits;
  /** Interval between sweeps for deleted connections, in ms. */
  readonly sweepMs: number;
  readonly logger: Logger;
}

@Module({})
export class VaultModule {
  static register({ dataSource, kek, signingKeys, ghes, limits, sweepMs, logger }: VaultResources): DynamicModule {
    return {
      module: VaultModule,
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: KEK_PROVIDER, useValue: kek },
        { provide: SIGNING_KEYS, useValue: signingKeys },
        { provide: GHES_SETTINGS, useValue: ghes },
        { provide: LOGGER, useValue: logger },
        { provide: RATE_LIMITS, useValue: limits },
        { provide: SWEEP_MS, useValue: sweepMs },
        AppController,
        AppKeeper,
        AppProof,
        AppRegistrationService,
        AppService,
        AppSigner,
        AppWebhookController,
        WebhookDeliveryController,
        AppWebhookService,
        WebhookDeliveryService,
        AuditController,
        AuditLog,
        ConnectionAudit,
        ConnectionDeletionService,
        ConnectionProfiles,
        Connections,
        CredentialController,
        Credentials,
        DeletedConnectionsSweep,
        Envelope,
        GhesClients,
        InstallationTokenService,
        ManifestExchange,
        ManifestService,
        ManifestStates,
        NewProfiles,
        PkceVerifiers,
        PrivateKeysSweep,
        ProfileController,
        ProfileService,
        RotationService,
        ServerCheck,
        ServerNetworks,
        SignInCallback,
        SignInExchange,
        SignInService,
        SignInStates,
        UserAccountService,
        UserAccounts,
        UserController,
        UserRevocation,
        UserTokenRenewal,
        UserTokenService,
        VaultHandlers,
        VaultServer,
        WebhookSecretService,
      ],
    };
  }
}
