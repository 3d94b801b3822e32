import { runService } from '@reunite/platform';
import { readVaultConfig } from './config.js';
import { startVault } from './start-vault.js';

await runService('credential-vault', readVaultConfig, startVault);
