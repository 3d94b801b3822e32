import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { Step } from './steps/step.js';
import type { TestStack } from './test-stack.js';

const STEP_MS = 120_000;

/** Declares the steps as tests that share one stack. After a failure, only independent steps run. */
export function describeSteps(name: string, create: () => Promise<TestStack>, steps: readonly Step[]): void {
  describe(name, () => {
    let stack: TestStack;
    let failedAt: string | undefined;

    beforeAll(async () => {
      stack = await create();
    });

    afterAll(() => stack.close(), STEP_MS);

    it.each(steps)(
      '$title',
      async (step) => {
        // Other steps depend on earlier ones, so the failure of one makes them meaningless.
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
}
