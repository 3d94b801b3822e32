import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppService } from './apps/app.service.js';
import { AuditLog } from './audit/audit-log.js';
import { ConnectionDeletionService } from './connections/connection-deletion.service.js';
import { Connections } from './connections/connections.js';
import { Credentials } from './credentials/credentials.js';
import { Envelope } from './envelope/envelope.js';
import { KEK_PROVIDER } from './envelope/kek-provider.js';
import type { KekProvider } from './envelope/kek-provider.js';
import { GHES_SETTINGS, GhesClients } from './ghes/ghes-clients.js';
import type { GhesSettings } from './ghes/ghes-clients.js';
import { VaultController } from './grpc/vault.controller.js';
import { VaultServer } from './grpc/vault.server.js';
import { LOGGER } from './logger.js';
import type { Logger } from './logger.js';
import { AppKeeper } from './manifest/app-keeper.js';
import { ManifestStates } from './manifest/manifest-states.js';
import { ManifestService } from './manifest/manifest.service.js';
import { InstallationTokenService } from './tokens/installation-token.service.js';

/** What the vault runs on. */
export interface VaultResources {
  readonly dataSource: DataSource;
  readonly kek: KekProvider;
  readonly ghes: GhesSettings;
  readonly logger: Logger;
}

@Module({})
export class VaultModule {
  static register({ dataSource, kek, ghes, logger }: VaultResources): DynamicModule {
    return {
      module: VaultModule,
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: KEK_PROVIDER, useValue: kek },
        { provide: GHES_SETTINGS, useValue: ghes },
        { provide: LOGGER, useValue: logger },
        AppKeeper,
        AppService,
        AuditLog,
        ConnectionDeletionService,
        Connections,
        Credentials,
        Envelope,
        GhesClients,
        InstallationTokenService,
        ManifestService,
        ManifestStates,
        VaultController,
        VaultServer,
      ],
    };
  }
}
