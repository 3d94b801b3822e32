import { migrate } from '@reunite/database';
import { readMigrateConfig } from './config.js';
import { vaultDatabase } from './vault-database.js';

await migrate(vaultDatabase(readMigrateConfig().DATABASE_URL));
