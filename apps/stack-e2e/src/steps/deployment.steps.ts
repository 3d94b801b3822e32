import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import { openTab, untilRow } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

const BRANCH = 'without-pull-request';

export const deploymentSteps: readonly Step[] = [
  { title: 're-deploy what production shows: built anew, at the same address', run: redeploy },
  { title: 'promote an older deployment: production shows the old page, without a build', run: rollBack },
  { title: 'push again: production goes on from there', run: goOn },
  { title: 'find deployments by environment and branch', run: filter },
  { title: 'preview all branches: a branch without a pull request has a preview; none: it is gone', run: changePolicy },
];

async function openDeployment({ page, stack }: World, id: string): Promise<void> {
  await page.goto(`${stack.urls.console}/deployments/${id}`);
}

async function openProject(world: World): Promise<void> {
  await world.page.goto(`${world.stack.urls.console}/projects/${world.known('projectId')}`);
}

/** Presses a button and confirms it; the page that follows is the new deployment's. @returns its id */
async function confirm({ page }: World, action: string): Promise<string> {
  const before = page.url();
  await page.getByRole('button', { name: `${action}…` }).click();
  await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/deployments/') && url.href !== before);
  return page.url().split('/').at(-1) ?? '';
}

async function shown(world: World): Promise<string> {
  return (await get(world.known('productionUrl'))).body;
}

async function redeploy(world: World): Promise<void> {
  const { page } = world;
  const current = (await world.api.deployments(world.known('projectId'))).find(
    (one) => one.environment === 'production' && one.current,
  );
  assert.ok(current, 'production shows something');
  await openDeployment(world, current.id);
  const id = await confirm(world, 'Re-deploy');
  // The page that is left says "Current" too: only what stands on the new one tells that it is there.
  await page.getByText('Re-deployed by Ada').first().waitFor();
  await page.getByText('Current', { exact: true }).waitFor();
  const all = await world.api.deployments(world.known('projectId'));
  assert.equal(all.find((one) => one.current && one.environment === 'production')?.id, id);
  assert.match(await shown(world), /overnight/);
}

async function rollBack(world: World): Promise<void> {
  const { page } = world;
  const all = await world.api.deployments(world.known('projectId'));
  const first = all.findLast((one) => one.environment === 'production' && one.state === 'success');
  assert.ok(first && first.commit !== world.known('head'), 'there is an older production');
  await openDeployment(world, first.id);
  const id = await confirm(world, 'Promote to production');
  await page.getByText('Current', { exact: true }).waitFor();
  await page.getByRole('log', { name: 'Build log' }).getByText('Promoted to production by Ada').waitFor();
  const log = await world.api.deploymentLog(id);
  assert.ok(!log.some(({ message }) => message.startsWith('Building')), 'nothing was built');
  await world.picture('promoted');
  // The address asks at most once a second what it shows.
  await eventually(async () => !/overnight/.test(await shown(world)), { what: 'production shows the old page' });
  const statuses = await finalStatuses(world, first.commit);
  for (const [context, list] of statuses) assert.equal(list.at(-1)?.state, 'success', `status ${context}`);
}

async function goOn(world: World): Promise<void> {
  const head = await world.clone.push('main', 'guides/rollback.md', '# Written after the rollback\n');
  world.know({ head });
  const { current } = await finishedDeployment(world, head, 'production');
  assert.ok(current, 'the newest commit is shown');
  await eventually(async () => /overnight/.test(await shown(world)), { what: 'production shows the new page' });
}

async function filter(world: World): Promise<void> {
  const { page } = world;
  await openProject(world);
  await openTab(world, 'Deployments');
  await page.getByLabel('Environment').selectOption('preview');
  await page.getByText('No such deployment').waitFor();
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('Branch').selectOption('main');
  await untilRow(page, 'Deployments', /Success.*Production.*main.*Promoted by Ada/);
  await world.picture('deployments-filtered');
}

async function changePolicy(world: World): Promise<void> {
  const { page, clone } = world;
  await chooseBranchPreviews(world, 'All');
  const head = await clone.push(BRANCH, 'guides/policy.md', '# A branch of its own\n');
  const { state, url, trigger } = await finishedDeployment(world, head, 'preview');
  assert.deepEqual([state, trigger], ['success', 'push']);
  assert.equal((await get(`${url ?? ''}guides/policy/`)).status, 200);
  await chooseBranchPreviews(world, 'None');
  await eventually(async () => [404, 410].includes((await get(url ?? '')).status), { what: 'the preview is gone' });
  await clone.git('push', '--quiet', 'origin', '--delete', BRANCH);
  await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
  await page.getByRole('tab', { name: 'Deployments' }).click();
}

async function chooseBranchPreviews(world: World, mode: string): Promise<void> {
  const { page } = world;
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('group', { name: 'Branch previews' }).getByLabel(mode, { exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. What it asks for is being deployed.').waitFor();
}
