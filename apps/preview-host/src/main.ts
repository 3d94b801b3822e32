import { runService } from '@reunite/platform';
import { readPreviewHostConfig } from './config.js';
import { startPreviewHost } from './start-preview-host.js';

await runService('preview-host', readPreviewHostConfig, startPreviewHost);
