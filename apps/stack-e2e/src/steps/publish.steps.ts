import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markPage, openTab, stillLoaded, untilRow } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

export const publishSteps: readonly Step[] = [
  {
    title: 'the content appears',
    async run({ page }) {
      await page.getByRole('link', { name: 'index.md' }).click();
      await page.getByText('Acme moves parcels.').waitFor();
    },
  },
  { title: 'a production deployment succeeds, and its address shows the page', run: firstDeployment },
  {
    title: 'git clone, edit, push: the console shows the new content without a reload',
    run: pushToMain,
  },
  { title: 'and a new production deployment, at the same address', run: newProduction },
];

async function firstDeployment(world: World): Promise<void> {
  const { page } = world;
  await openTab(world, 'Deployments');
  await untilRow(page, 'Deployments', /Success.*Production.*Current.*main/);
  const site = await world.inNewTab(
    () => page.getByRole('link', { name: 'Open site' }).first().click(),
    async (tab) => {
      await tab.getByRole('heading', { name: 'Acme developer documentation' }).waitFor();
      await world.picture('site', tab);
      return tab.url();
    },
  );
  assert.notEqual(new URL(site).origin, world.stack.urls.console, 'a site is on another origin than the console');
  const { productionUrl } = await world.api.project(world.known('projectId'));
  assert.ok(productionUrl, 'the project has an address');
  world.know({ productionUrl });
}

async function pushToMain(world: World): Promise<void> {
  const { page } = world;
  await openTab(world, 'Content');
  await page.getByRole('link', { name: 'index.md' }).click();
  await page.getByText('Acme moves parcels.').waitFor();
  await markPage(world);
  await world.cloneDocs();
  const text = await readFile(join(world.clone.directory, 'index.md'), 'utf8');
  const head = await world.clone.push('main', 'index.md', text.replace('moves parcels', 'moves parcels overnight'));
  world.know({ head });
  await page.getByText('Acme moves parcels overnight.').waitFor();
  assert.ok(await stillLoaded(world), 'the page was not loaded anew');
  await world.picture('content');
}

async function newProduction(world: World): Promise<void> {
  const { page } = world;
  const head = world.known('head');
  await openTab(world, 'Deployments');
  await untilRow(page, 'Deployments', new RegExp(`Success.*Production.*Current.*${head.slice(0, 7)}`));
  assert.ok(await stillLoaded(world), 'the page was not loaded anew');
  await finishedDeployment(world, head, 'production');
  const tab = await page.context().newPage();
  await tab.goto(world.known('productionUrl'));
  await tab.getByText('Acme moves parcels overnight.').waitFor();
  await tab.close();
  const statuses = await finalStatuses(world, head);
  for (const [context, list] of statuses) assert.equal(list.at(-1)?.state, 'success', `status ${context}`);
}
