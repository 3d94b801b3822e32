import assert from 'node:assert/strict';
import { openTab } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const FILE = 'guides/broken-link.md';

export const checkSteps: readonly Step[] = [
  {
    title: 'push a broken link: it is not published, the page shows its line, and the commit has a failed status',
    run: findBrokenLink,
  },
  { title: 'repair it: the checks of the next commit pass', run: repairBrokenLink },
];

async function findBrokenLink(stack: TestStack): Promise<void> {
  const { page, clone, local } = stack;
  const head = await clone.push('main', FILE, '# Broken\n\n[Nowhere](nowhere.md)\n');
  const { id, state } = await finishedDeployment(stack, head, 'production');
  assert.equal(state, 'failed', 'a broken link keeps the build from production');
  await page.goto(`${local.urls.console}/deployments/${id}`);
  const checks = page.getByRole('region', { name: 'Checks' });
  await checks.getByText(FILE, { exact: true }).waitFor();
  await checks.getByText('Line 3').waitFor();
  await stack.screenshot('checks');
  const last = [...(await finalStatuses(stack, head))].map(([context, list]) => [context, list.at(-1)] as const);
  const links = last.find(([context]) => context.endsWith(': links'))?.[1];
  assert.deepEqual([links?.state, links?.description], ['failure', '1 error']);
  assert.ok(links?.target_url?.endsWith(`/deployments/${id}`), 'its target is the deployment');
  assert.equal(last.find(([context]) => context.endsWith(': lint'))?.[1]?.state, 'success');
}

async function repairBrokenLink(stack: TestStack): Promise<void> {
  const { page, clone, local } = stack;
  await clone.git('revert', '--no-edit', 'HEAD');
  await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/main');
  const head = await clone.head();
  await finishedDeployment(stack, head, 'production');
  for (const [context, list] of await finalStatuses(stack, head)) {
    assert.equal(list.at(-1)?.state, 'success', `status ${context}`);
  }
  await page.goto(`${local.urls.console}/projects/${stack.fact('projectId')}`);
  await openTab(stack, 'Deployments');
}
