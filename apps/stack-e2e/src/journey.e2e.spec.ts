import { beforeAll } from '@jest/globals';
import { ensurePrerequisites } from '@reunite/local-stack';
import { describeSteps } from './describe-steps.js';
import { journeySteps } from './steps/index.js';
import { queueKinds, TestStack } from './test-stack.js';

beforeAll(() => ensurePrerequisites(['git', 'redis-server', 'chromium']), 120_000);

for (const queue of queueKinds) {
  describeSteps(`the journey, with jobs on ${queue}`, () => TestStack.create(queue), journeySteps);
}
