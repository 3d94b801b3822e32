import { parseArgs } from 'node:util';
import { runSteps } from './run-steps.js';
import { journeySteps } from './steps/index.js';
import { queueKinds, serverKinds, TestStack } from './test-stack.js';

const { values } = parseArgs({
  options: {
    queue: { type: 'string', default: 'postgres' },
    screenshots: { type: 'string' },
    server: { type: 'string', default: 'open' },
    workers: { type: 'string', default: '1' },
    apis: { type: 'string', default: '1' },
  },
});
const queue = queueKinds.find((kind) => kind === values.queue);
if (!queue) {
  console.error(`--queue must be one of: ${queueKinds.join(', ')}`);
  process.exit(2);
}

const server = serverKinds.find((kind) => kind === values.server);
if (!server) {
  console.error(`--server must be one of: ${serverKinds.join(', ')}`);
  process.exit(2);
}

console.log(`The journey, with jobs on ${queue}${server === 'private' ? ', to a server in a private network' : ''}:`);
const replicas = { 'sync-worker': Number(values.workers), api: Number(values.apis) };
const stack = await TestStack.create(queue, { screenshots: values.screenshots, server, replicas });
await runSteps('journey', stack, journeySteps);
