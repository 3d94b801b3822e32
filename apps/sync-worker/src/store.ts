import 'reflect-metadata';
import { openBlobStorage } from '@reunite/blob-storage';
import { openContentStore } from '@reunite/content-store';
import { createDataSource } from '@reunite/database';
import { requestSyncs } from '@reunite/repositories';
import { storeCommand } from './cli/store.command.js';
import { loadStoreCommandConfig } from './config.js';
import { collectRepository } from './maintenance/retention.js';

const config = loadStoreCommandConfig();
const dataSource = await createDataSource({ url: config.DATABASE_URL, schema: 'bridge', entities: [] }).initialize();
const content = openContentStore(config.CONTENT_URL);
const artifacts = openBlobStorage(config.ARTIFACTS_URL);
try {
  process.exitCode = await storeCommand(process.argv.slice(2), {
    content,
    artifacts,
    collectContent: (repositoryId, hours) => collectRepository(dataSource.manager, content, repositoryId, hours),
    requestSyncs: (repositoryId) => requestSyncs(dataSource.manager, repositoryId),
    write: (line) => process.stdout.write(`${line}\n`),
  });
} finally {
  await Promise.all([content.close(), artifacts.close(), dataSource.destroy()]);
}
