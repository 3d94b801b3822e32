import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { markPage, openTab, renderedPage, rowMatching, stillLoaded } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

export const publishSteps: readonly Step[] = [
  {
    title: 'the content appears',
    async run(stack) {
      const { page } = stack;
      await openTab(stack, 'Content');
      await page.getByRole('link', { name: 'index.md' }).click();
      await renderedPage(stack, 'index.md').getByText('Acme moves parcels.').waitFor();
    },
  },
  { title: 'the production deployment succeeds, and its URL shows the page', run: firstDeployment },
  {
    title: 'git clone, edit, push: the console shows the new content without a reload',
    run: pushToMain,
  },
  { title: 'a new production deployment succeeds, at the same URL', run: newProduction },
];

async function firstDeployment(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openTab(stack, 'Deployments');
  await rowMatching(page, 'Deployments', /Success.*Production.*Current.*main/);
  const site = await stack.inNewTab(
    () => page.getByRole('link', { name: 'Open site' }).first().click(),
    async (tab) => {
      await tab.getByRole('heading', { name: 'Acme developer documentation' }).waitFor();
      await stack.screenshot('site', tab);
      return tab.url();
    },
  );
  assert.notEqual(new URL(site).origin, stack.local.urls.console, 'the site has another origin than the console');
  const { productionUrl } = await stack.api.project(stack.fact('projectId'));
  assert.ok(productionUrl, 'the project has a URL');
  stack.remember({ productionUrl });
}

async function pushToMain(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openTab(stack, 'Content');
  await page.getByRole('link', { name: 'index.md' }).click();
  await renderedPage(stack, 'index.md').getByText('Acme moves parcels.').waitFor();
  await markPage(stack);
  await stack.cloneDocs();
  const text = await readFile(join(stack.clone.directory, 'index.md'), 'utf8');
  const head = await stack.clone.push('main', 'index.md', text.replace('moves parcels', 'moves parcels overnight'));
  stack.remember({ head });
  await renderedPage(stack, 'index.md').getByText('Acme moves parcels overnight.').waitFor();
  assert.ok(await stillLoaded(stack), 'the page was not reloaded');
  await stack.screenshot('content');
}

async function newProduction(stack: TestStack): Promise<void> {
  const { page } = stack;
  const head = stack.fact('head');
  await openTab(stack, 'Deployments');
  await rowMatching(page, 'Deployments', new RegExp(`Success.*Production.*Current.*${head.slice(0, 7)}`));
  assert.ok(await stillLoaded(stack), 'the page was not reloaded');
  await finishedDeployment(stack, head, 'production');
  const tab = await page.context().newPage();
  await tab.goto(stack.fact('productionUrl'));
  await tab.getByText('Acme moves parcels overnight.').waitFor();
  await tab.close();
  const statuses = await finalStatuses(stack, head);
  for (const [context, list] of statuses) assert.equal(list.at(-1)?.state, 'success', `status ${context}`);
}
