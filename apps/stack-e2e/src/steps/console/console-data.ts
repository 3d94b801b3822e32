import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { finishedDeployment } from '../../deployments.js';
import type { TestStack } from '../../test-stack.js';

export const BRANCH = 'console-check';
/** A PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
export const PULL_REQUEST = 'Check the console';

/** Objects that the checked pages show, apart from the facts of earlier steps. */
export interface ConsoleData {
  readonly pullRequest: number;
  readonly deployment: string;
}

const prepared = new WeakMap<TestStack, ConsoleData>();

/** Pushes a page with a broken link on a branch with a pull request, and waits for its preview. */
export async function prepare(stack: TestStack): Promise<void> {
  const { clone } = stack;
  await clone.git('checkout', '--quiet', '-B', BRANCH, 'origin/main');
  await writeFile(join(clone.directory, 'pixel.png'), Buffer.from(PIXEL, 'base64'));
  const head = await clone.push(
    BRANCH,
    'checked.md',
    '# Checked\n\n![A pixel](pixel.png) A [dead link](nowhere.md).\n',
  );
  await clone.git('checkout', '--quiet', 'main');
  const pullRequest = await stack.simulator.openPullRequest('acme/docs', BRANCH, PULL_REQUEST);
  const { id } = await finishedDeployment(stack, head, 'preview');
  const path = `/v1/projects/${stack.fact('projectId')}/pull-requests?state=open`;
  await eventually(async () => (await (await stack.api.get(path)).text()).includes(PULL_REQUEST), {
    what: 'the pull request is listed',
  });
  prepared.set(stack, { pullRequest, deployment: id });
}

export function dataOf(stack: TestStack): ConsoleData {
  const data = prepared.get(stack);
  if (!data) throw new Error('The data of the console is not prepared yet.');
  return data;
}
