import { bridgeMigrations, migrate } from '@reunite/database';
import { migrateQueueBackend } from '@reunite/queueing';
import { readMigrateConfig } from './config.js';

const config = readMigrateConfig();
await migrate({ url: config.DATABASE_URL, schema: 'bridge', entities: [], migrations: bridgeMigrations });
await migrateQueueBackend(config.QUEUE_URL);
