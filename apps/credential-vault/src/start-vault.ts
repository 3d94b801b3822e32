import 'reflect-metadata';
import { Logger as NestLogs } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { databaseReadiness, watchPool } from '@reunite/database';
import { ghesNetworkLimits, NestLogger, Readiness, startMetricsServer, WatchedIdentity } from '@reunite/platform';
import type { Logger, RunningService } from '@reunite/platform';
import { createRateLimits } from './access/rate-limits.js';
import { kekSettings, signingKeySettings } from './config.js';
import type { VaultConfig } from './config.js';
import { openKekProvider } from './kek/open-kek-provider.js';
import { VaultServer } from './grpc/vault.server.js';
import { openSigningKeys } from './signing/open-signing-keys.js';
import { keksInUse, openVaultDatabase } from './vault-database.js';
import { watchKeks } from './vault-metrics.js';
import { VaultModule } from './vault.module.js';

/** Starts the vault: identity, database, KEK, then the gRPC server. Fails if anything is missing. */
export async function startVault(config: VaultConfig, logger: Logger): Promise<RunningService> {
  const identity = await WatchedIdentity.open(config, logger);
  const dataSource = await openVaultDatabase(config.DATABASE_URL);
  try {
    const kek = await openKekProvider(kekSettings(config), await keksInUse(dataSource));
    const signingKeys = await openSigningKeys(signingKeySettings(config));
    const ghes = {
      allowedCidrs: config.GHES_ALLOWED_CIDRS,
      allowInsecureHttp: config.GHES_ALLOW_INSECURE_HTTP,
      limits: ghesNetworkLimits(config),
      budgets: { processBytes: config.GHES_PROCESS_BYTES, organizationBytes: config.GHES_ORGANIZATION_BYTES },
    };
    const limits = createRateLimits({
      perService: config.CALLS_PER_SECOND_PER_CALLER,
      perOrganization: config.CALLS_PER_SECOND_PER_ORGANIZATION,
    });
    NestLogs.overrideLogger(new NestLogger(logger));
    const app = await NestFactory.createApplicationContext(
      VaultModule.register({
        ...{ dataSource, kek, signingKeys, ghes, limits, logger },
        sweepMs: config.DELETED_SWEEP_SECONDS * 1_000,
      }),
    );
    const server = app.get(VaultServer);
    const address = `${config.LISTEN_HOST}:${config.PORT}`;
    const port = await server.listen(address, identity.serverCredentials(), config.TLS_CONNECTION_SECONDS * 1_000);
    watchKeks((sql) => dataSource.query(sql));
    watchPool(dataSource);
    const readiness = new Readiness([databaseReadiness(dataSource)], logger);
    const metrics =
      config.METRICS_PORT === undefined
        ? null
        : await startMetricsServer(config.METRICS_PORT, config.LISTEN_HOST, readiness);
    const close = async () => {
      watchKeks(null);
      identity.stop();
      await server.close();
      await metrics?.close();
      await app.close();
      await dataSource.destroy();
    };
    return { port, close };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
