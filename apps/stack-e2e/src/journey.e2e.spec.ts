import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { ensurePrerequisites } from '@reunite/local-stack';
import { journeySteps } from './steps/index.js';
import { queueKinds, TestStack } from './test-stack.js';

const STEP_MS = 120_000;

beforeAll(() => ensurePrerequisites(['git', 'redis-server', 'chromium']), STEP_MS);

describe.each(queueKinds)('the journey, with jobs on %s', (queue) => {
  let stack: TestStack;
  let failedAt: string | undefined;

  beforeAll(async () => {
    stack = await TestStack.create(queue);
  });

  afterAll(() => stack.close(), STEP_MS);

  it.each(journeySteps)(
    '$title',
    async (step) => {
      // Steps depend on earlier ones, so the failure of one makes the others meaningless.
      if (failedAt !== undefined) throw new Error(`Skipped because an earlier step failed: ${failedAt}`);
      try {
        await step.run(stack);
      } catch (error) {
        if (step.isIndependent !== true) failedAt = step.title;
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await stack.evidence()}`, {
          cause: error,
        });
      }
    },
    STEP_MS,
  );
});
