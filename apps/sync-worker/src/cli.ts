import 'reflect-metadata';
import { ConnectionEntity, SelfTestEntity } from '@reunite/connections';
import { createDataSource } from '@reunite/database';
import { JobProducer, queueBackend } from '@reunite/queueing';
import { selfTestCommand } from './cli/self-test.command.js';
import { loadCommandConfig } from './config.js';

const config = loadCommandConfig();
const entities = [ConnectionEntity, SelfTestEntity];
const dataSource = await createDataSource({ url: config.DATABASE_URL, schema: 'bridge', entities }).initialize();
const producer = new JobProducer(queueBackend(config.QUEUE_URL, config.QUEUE_CA_FILE), (error) => {
  process.stderr.write(`queue: ${String(error)}\n`);
});
try {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  process.exitCode = await selfTestCommand(process.argv.slice(2), { dataSource, producer, write });
} finally {
  await producer.close();
  await dataSource.destroy();
}
