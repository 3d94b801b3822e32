import { runService } from '@reunite/platform';
import { loadConfig } from './config.js';
import { connectVault, openResources } from './resources.js';
import { startWorker } from './start-worker.js';

await runService('sync-worker', loadConfig, async (config, logger) =>
  startWorker(config, await openResources(config, logger, await connectVault(config, logger))),
);
