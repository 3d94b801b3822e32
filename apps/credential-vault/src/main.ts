import { runService } from '@reunite/platform';
import { readVaultConfig } from './config.js';
import { startVault } from './start-vault.js';
import { vaultDependencies } from './vault-database.js';

await runService('credential-vault', readVaultConfig, startVault, {
  dependencies: ({ DATABASE_URL: url }) => vaultDependencies(url),
  healthPort: ({ METRICS_PORT: port }) => port,
});
