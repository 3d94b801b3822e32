import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { ensurePrerequisites } from '@reunite/local-stack';
import { journeySteps } from './steps/index.js';
import { queueKinds, World } from './world.js';

const STEP_MS = 120_000;

beforeAll(() => ensurePrerequisites(['git', 'redis-server', 'chromium']), STEP_MS);

describe.each(queueKinds)('the journey, with jobs on %s', (queue) => {
  let world: World;
  let failedAt: string | undefined;

  beforeAll(async () => {
    world = await World.create(queue);
  });

  afterAll(() => world.close(), STEP_MS);

  it.each(journeySteps)(
    '$title',
    async (step) => {
      // Every step stands on those before it: after the first failure the others say nothing new.
      if (failedAt !== undefined) throw new Error(`Not tried, since this failed before: ${failedAt}`);
      try {
        await step.run(world);
      } catch (error) {
        failedAt = step.title;
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await world.evidence()}`, {
          cause: error,
        });
      }
    },
    STEP_MS,
  );
});
