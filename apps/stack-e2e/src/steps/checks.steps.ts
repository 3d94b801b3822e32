import assert from 'node:assert/strict';
import { openTab } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

const FILE = 'guides/dead-end.md';

export const checkSteps: readonly Step[] = [
  { title: 'push a link to nowhere: the deployment page says in which line, and so does the commit', run: findDeadEnd },
  { title: 'repair it: the checks of the next commit pass', run: repairDeadEnd },
];

async function findDeadEnd(world: World): Promise<void> {
  const { page, clone, stack } = world;
  const head = await clone.push('main', FILE, '# Dead end\n\n[Nowhere](nowhere.md)\n');
  const { id, state } = await finishedDeployment(world, head, 'production');
  assert.equal(state, 'success', 'a dead link does not fail the build');
  await page.goto(`${stack.urls.console}/deployments/${id}`);
  const checks = page.getByRole('region', { name: 'Checks' });
  await checks.getByText(FILE).waitFor();
  await checks.getByText('Line 3').waitFor();
  await world.picture('checks');
  const said = [...(await finalStatuses(world, head))].map(([context, list]) => [context, list.at(-1)] as const);
  const links = said.find(([context]) => context.endsWith(': links'))?.[1];
  assert.deepEqual([links?.state, links?.description], ['failure', '1 error']);
  assert.ok(links?.target_url?.endsWith(`/deployments/${id}`), 'its details lead to the deployment');
  assert.equal(said.find(([context]) => context.endsWith(': lint'))?.[1]?.state, 'success');
}

async function repairDeadEnd(world: World): Promise<void> {
  const { page, clone, stack } = world;
  await clone.git('revert', '--no-edit', 'HEAD');
  await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  const head = await clone.head();
  await finishedDeployment(world, head, 'production');
  for (const [context, list] of await finalStatuses(world, head)) {
    assert.equal(list.at(-1)?.state, 'success', `status ${context}`);
  }
  await page.goto(`${stack.urls.console}/projects/${world.known('projectId')}`);
  await openTab(world, 'Deployments');
}
