import { parseArgs } from 'node:util';
import { runSteps } from './run-steps.js';
import { connectSteps } from './steps/connect.steps.js';
import { consoleSteps } from './steps/console/index.js';
import { publishSteps } from './steps/publish.steps.js';
import { TestStack } from './test-stack.js';

const { values } = parseArgs({ options: { screenshots: { type: 'string' } } });

console.log('The console in a browser: every page and dialog, and what it does when something fails:');
const stack = await TestStack.create('postgres', { screenshots: values.screenshots });
await runSteps('e2e', stack, [...connectSteps, ...publishSteps, ...consoleSteps]);
