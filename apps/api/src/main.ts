import { bridgeDependencies } from '@reunite/database';
import { runService } from '@reunite/platform';
import { readApiConfig } from './config.js';
import { openResources } from './resources.js';
import { startApi } from './start-api.js';

await runService(
  'api',
  readApiConfig,
  async (config, logger) => startApi(config, await openResources(config, logger)),
  {
    dependencies: ({ DATABASE_URL: url }) => bridgeDependencies(url),
    healthPort: ({ PORT: port }) => port,
  },
);
