import { runService } from '@reunite/platform';
import { loadConfig } from './config.js';
import { startWorker } from './start-worker.js';

await runService('sync-worker', loadConfig, startWorker);
