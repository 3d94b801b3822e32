import { parseArgs } from 'node:util';
import { journeySteps } from './steps/index.js';
import { queueKinds, serverKinds, TestStack } from './test-stack.js';

const { values } = parseArgs({
  options: {
    queue: { type: 'string', default: 'postgres' },
    screenshots: { type: 'string' },
    server: { type: 'string', default: 'open' },
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

const began = performance.now();
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

console.log(`The journey, with jobs on ${queue}${server === 'private' ? ', to a server in a private network' : ''}:`);
const stack = await TestStack.create(queue, values.screenshots, server);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void stack.close().finally(() => process.exit(130)));
}
process.on('exit', () => stack.closeNow());
try {
  for (const [index, step] of journeySteps.entries()) {
    const stepBegan = performance.now();
    const number = String(index + 1).padStart(3);
    try {
      await step.run(stack);
    } catch (error) {
      console.error(`${number}  FAILED  ${step.title} (${seconds(stepBegan)})`);
      console.error(error);
      console.error(await stack.evidence());
      throw error;
    }
    console.log(`${number}  ${seconds(stepBegan).padStart(7)}  ${step.title}`);
  }
} catch {
  process.exitCode = 1;
} finally {
  await stack.close();
}
if (process.exitCode === 1) console.error('journey: failed');
else console.log(`journey: ${journeySteps.length} steps ok (${seconds(began)})`);
