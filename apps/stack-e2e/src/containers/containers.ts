import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { finishedDeployment } from '../deployments.js';
import { journeySteps } from '../steps/index.js';
import type { Step } from '../steps/step.js';
import { TestStack } from '../test-stack.js';
import { ContainerStack } from './container-stack.js';
import { Engine, NoEngineError } from './engine.js';

const NO_ENGINE_EXIT = 3;
const IMAGES = ['api', 'webhook-ingest', 'sync-worker', 'preview-host', 'credential-vault'];
const GOAL_MB = 250;
const GOAL_READY_S = 5;
const SECRET_IN_ENVIRONMENT = /:\/\/[^/@\s]+:[^/@\s]+@|PASSWORD=.|SECRET=.|PRIVATE KEY/;

const { values } = parseArgs({ options: { 'no-build': { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '../../../..');

/** Steps that only containers have, after the journey. */
function containerSteps(stack: ContainerStack, services: readonly string[]): Step[] {
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
    ...services.map((service) => ({
      title: `${service} is killed and starts again`,
      async run() {
        await stack.killAndStart(service);
        readySeconds.set(service, await stack.secondsToReady(service));
      },
    })),
    { title: 'after all restarts, the next push is deployed', run: (test) => pushAndDeploy(test, 'the restarts') },
    { title: 'the stack is backed up, removed, and restored into an empty one', run: () => stack.backUpAndRestore() },
    { title: 'after the restore, the next push is deployed', run: (test) => pushAndDeploy(test, 'the restore') },
  ];
}

async function pushAndDeploy(test: TestStack, event: string): Promise<void> {
  const head = await test.clone.push('main', 'guides/note.md', `# A note, written after ${event}\n`);
  assert.equal((await finishedDeployment(test, head, 'production')).state, 'success');
}

const readySeconds = new Map<string, number | null>();
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function runSteps(test: TestStack, steps: readonly Step[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const began = performance.now();
    const number = String(index + 1).padStart(3);
    try {
      await step.run(test);
    } catch (error) {
      console.error(`${number}  FAILED  ${step.title} (${seconds(began)})`);
      console.error(error);
      console.error(await test.evidence());
      throw error;
    }
    console.log(`${number}  ${seconds(began).padStart(7)}  ${step.title}`);
  }
}

async function report(engine: Engine): Promise<void> {
  for (const name of IMAGES) {
    const bytes = Number(
      await engine.docker(
        'image',
        'inspect',
        '--format',
        '{{.Size}}',
        `reunite/${name}:${process.env['TAG'] ?? 'local'}`,
      ),
    );
    const ready = readySeconds.get(name);
    const size = Math.round(bytes / 1e6);
    console.log(
      `${name.padEnd(18)} ${String(size).padStart(4)} MB (goal ${GOAL_MB})   ready in ${ready?.toFixed(1) ?? '?'} s (goal ${GOAL_READY_S})`,
    );
  }
}

async function main(): Promise<void> {
  const began = performance.now();
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
  console.log(`Starting the containers (${seconds(began)}) …`);
  const test = await TestStack.inContainers(stack);
  const stop = async () => {
    await test.close();
    await stack.stop();
    await engine.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void stop().finally(() => process.exit(130)));
  try {
    const steps = [
      ...journeySteps.filter(({ needs }) => needs !== 'processes'),
      ...containerSteps(stack, await stack.services()),
    ];
    await runSteps(test, steps);
    await report(engine);
    console.log(`containers: ${steps.length} steps ok (${seconds(began)})`);
  } finally {
    await stop();
  }
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
