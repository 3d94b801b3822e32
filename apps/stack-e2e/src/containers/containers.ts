import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { finishedDeployment } from '../deployments.js';
import { runSteps } from '../run-steps.js';
import { connectSteps } from '../steps/connect.steps.js';
import { journeySteps } from '../steps/index.js';
import { publishSteps } from '../steps/publish.steps.js';
import type { Step } from '../steps/step.js';
import { TestStack } from '../test-stack.js';
import { ContainerStack } from './container-stack.js';
import { Engine, NoEngineError } from './engine.js';

const NO_ENGINE_EXIT = 3;
const IMAGES = ['api', 'webhook-ingest', 'sync-worker', 'preview-host', 'credential-vault'];
const MAX_MEGABYTES = 250;
const GOAL_READY_S = 5;
const SECRET_IN_ENVIRONMENT = /:\/\/[^/@\s]+:[^/@\s]+@|PASSWORD=.|SECRET=.|PRIVATE KEY/;

const { values } = parseArgs({
  options: { 'no-build': { type: 'boolean', default: false }, only: { type: 'string' } },
});
const root = join(import.meta.dirname, '../../../..');

/** Steps that only containers have, after the journey. */
function containerSteps(engine: Engine, stack: ContainerStack, services: readonly string[]): Step[] {
  return [
    {
      title: 'no secret is in the environment of a container (docker inspect)',
      async run() {
        for (const service of services) {
          const secrets = (await stack.environmentOf(service)).filter((line) => SECRET_IN_ENVIRONMENT.test(line));
          assert.deepEqual(
            secrets.map((line) => line.split('=')[0]),
            [],
            service,
          );
        }
      },
    },
    ...IMAGES.map((service) => ({
      title: `the image of ${service} has at most ${MAX_MEGABYTES} MB`,
      async run() {
        const megabytes = await engine.megabytesOf(`reunite/${service}`);
        console.log(`     ${megabytes} MB`);
        assert.ok(megabytes <= MAX_MEGABYTES, `It has ${megabytes} MB.`);
      },
    })),
    ...services.map((service) => ({
      title: `${service} is killed and starts again`,
      async run() {
        await stack.killAndStart(service);
        if (!IMAGES.includes(service)) return;
        console.log(`     ready after ${(await stack.secondsToReady(service)).toFixed(1)} s (goal: ${GOAL_READY_S} s)`);
      },
    })),
    { title: 'after all restarts, the next push is deployed', run: (test) => pushAndDeploy(test, 'the restarts') },
    { title: 'the stack is backed up, removed with its volumes, and restored', run: () => stack.backUpAndRestore() },
    { title: 'after the restore, the next push is deployed', run: (test) => pushAndDeploy(test, 'the restore') },
  ];
}

async function pushAndDeploy(test: TestStack, event: string): Promise<void> {
  const head = await test.clone.push('main', 'guides/note.md', `# A note, written after ${event}\n`);
  assert.equal((await finishedDeployment(test, head, 'production')).state, 'success');
}

/** The steps of the journey, or, with `--only`, its beginning and the container steps whose title matches. */
function stepsOf(only: string | undefined, own: readonly Step[]): readonly Step[] {
  if (only === undefined) return [...journeySteps.filter(({ needs }) => needs !== 'processes'), ...own];
  const chosen = new RegExp(only);
  return [...connectSteps, ...publishSteps, ...own.filter(({ title }) => chosen.test(title))];
}

async function main(): Promise<void> {
  const engine = await Engine.find({
    root,
    project: 'reunite-containers-test',
    profile: 'local',
    override: process.env['COMPOSE_OVERRIDE'] ?? null,
    env: process.env,
  });
  const stack = new ContainerStack(engine);
  if (!values['no-build']) {
    console.log('Building the images …');
    await engine.compose('build');
  }
  // A run that was killed leaves containers and data.
  await stack.stop();
  console.log('The journey, in containers:');
  const own = containerSteps(engine, stack, await stack.services());
  await runSteps('containers', await TestStack.inContainers(stack), stepsOf(values.only, own));
  await engine.close();
}

try {
  await main();
} catch (error) {
  if (error instanceof NoEngineError) {
    console.error(`${error.message}\ncontainers: not run`);
    process.exit(NO_ENGINE_EXIT);
  }
  console.error('containers: failed');
  console.error(error);
  process.exit(1);
}
