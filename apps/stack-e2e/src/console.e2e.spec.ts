import { beforeAll } from '@jest/globals';
import { ensurePrerequisites } from '@reunite/local-stack';
import { describeSteps } from './describe-steps.js';
import { connectSteps } from './steps/connect.steps.js';
import { consoleSteps } from './steps/console/index.js';
import { publishSteps } from './steps/publish.steps.js';
import { TestStack } from './test-stack.js';

beforeAll(() => ensurePrerequisites(['git', 'chromium']), 120_000);

describeSteps('the console in a browser', () => TestStack.create('postgres'), [
  ...connectSteps,
  ...publishSteps,
  ...consoleSteps,
]);
