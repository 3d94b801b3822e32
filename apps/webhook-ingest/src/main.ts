import { runService } from '@reunite/platform';
import { readIngestConfig } from './config.js';
import { startIngest } from './start-ingest.js';

await runService('webhook-ingest', readIngestConfig, startIngest);
