import 'reflect-metadata';
import { ConnectionEntity, SelfTestEntity } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import { createDataSource } from '@reunite/database';
import { JobProducer, queueBackend } from '@reunite/queueing';
import { selfTestCommand } from './cli/self-test.command.js';
import { loadCommandConfig } from './config.js';

/** @returns the exit code */
async function run(): Promise<number> {
  const config = loadCommandConfig();
  const entities = [ConnectionEntity, SelfTestEntity];
  const dataSource = await createDataSource({ url: config.DATABASE_URL, schema: 'bridge', entities }).initialize();
  const producer = new JobProducer(queueBackend(config.QUEUE_URL, config.QUEUE_CA_FILE), (error) => {
    process.stderr.write(`queue: ${String(error)}\n`);
  });
  try {
    const write = (line: string) => process.stdout.write(`${line}\n`);
    return await selfTestCommand(process.argv.slice(2), { dataSource, producer, write });
  } finally {
    await producer.close();
    await dataSource.destroy();
  }
}

/** Errors of the caller, whose message is enough: missing settings, an unknown option, a database that is not there. */
function isOfCaller(error: unknown): error is Error {
  const { code = '' } = error as NodeJS.ErrnoException;
  return isCoded(error) || /^(ERR_PARSE_ARGS|E[A-Z]+$)/.test(code);
}

try {
  process.exitCode = await run();
} catch (error) {
  if (!isOfCaller(error)) throw error;
  process.stderr.write(`self-test: ${error.message.split(/\n *(?:- )?/).join(' ')}\n`);
  process.exitCode = 2;
}
