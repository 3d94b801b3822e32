import { bridgeDependencies } from '@reunite/database';
import { runService } from '@reunite/platform';
import { readPreviewHostConfig } from './config.js';
import { startPreviewHost } from './start-preview-host.js';

await runService('preview-host', readPreviewHostConfig, startPreviewHost, {
  dependencies: ({ DATABASE_URL: url }) => bridgeDependencies(url),
  healthPort: ({ PORT: port }) => port,
});
