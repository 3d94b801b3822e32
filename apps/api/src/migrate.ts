import { migrateBridge } from '@reunite/database';
import { migrateQueueBackend } from '@reunite/queueing';
import { readMigrateConfig } from './config.js';

const config = readMigrateConfig();
await migrateBridge(config.DATABASE_URL);
await migrateQueueBackend(config.QUEUE_URL);
