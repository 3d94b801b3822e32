import { WatchedIdentity } from '@reunite/platform';
import type { Logger, RunningService } from '@reunite/platform';
import { createVaultClient } from '@reunite/vault-client';
import type { IngestConfig } from './config.js';
import { secretsOfVault } from './secrets/secrets-of-vault.js';
import { serveWebhooks } from './serve-webhooks.js';

/** Starts the service with the vault's secrets. It does not wait for database, queue or vault: they may start later. */
export async function startIngest(config: IngestConfig, logger: Logger): Promise<RunningService> {
  const identity = await WatchedIdentity.open(config, logger);
  const vault = createVaultClient({ address: config.VAULT_ADDRESS, identity });
  const service = await serveWebhooks(config, secretsOfVault(vault), logger);
  return {
    port: service.port,
    close: async () => {
      await service.close();
      vault.close();
      identity.stop();
    },
  };
}
