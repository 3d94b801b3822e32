import { bridgeDependencies } from '@reunite/database';
import { runService } from '@reunite/platform';
import { queueDependency } from '@reunite/queueing';
import { loadConfig } from './config.js';
import { connectVault, openResources } from './resources.js';
import { startWorker } from './start-worker.js';

await runService(
  'sync-worker',
  loadConfig,
  async (config, logger) =>
    startWorker(config, await openResources(config, logger, await connectVault(config, logger))),
  {
    dependencies: (config) => [
      ...bridgeDependencies(config.DATABASE_URL),
      queueDependency(config.QUEUE_URL, config.QUEUE_CA_FILE),
    ],
    healthPort: ({ PORT: port }) => port,
  },
);
