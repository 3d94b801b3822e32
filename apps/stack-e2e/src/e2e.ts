import { parseArgs } from 'node:util';
import { runSteps } from './run-steps.js';
import { connectSteps } from './steps/connect.steps.js';
import { consoleSteps } from './steps/console/index.js';
import { publishSteps } from './steps/publish.steps.js';
import { TestStack } from './test-stack.js';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, screenshots: { type: 'string' } } });

/** Independent steps are chosen by a regular expression for their title; the others prepare the stack. */
const only = new RegExp(values.only);
const chosen = consoleSteps.filter(({ isIndependent, title }) => isIndependent !== true || only.test(title));

console.log('The console in a browser: every page and dialog, and its behaviour when something fails:');
const stack = await TestStack.create('postgres', { screenshots: values.screenshots });
await runSteps('e2e', stack, [...connectSteps, ...publishSteps, ...chosen]);
