import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import { openTab, untilRow } from '../console.js';
import { finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

export const restartSteps: readonly Step[] = [
  { title: 'a service that is killed comes back by itself', run: killWorker },
  {
    title: 'stop: everything ends',
    async run(world) {
      const { urls } = world.stack;
      await world.stopStack();
      const killed = world.notices.filter((notice) => notice.includes('was killed'));
      assert.deepEqual(killed, [], 'every service ended by itself');
      for (const url of [urls.api, urls.ingest, urls.simulator, urls.previewHost]) {
        await assert.rejects(fetch(url), `nothing answers at ${url}`);
      }
    },
  },
  { title: 'start again on the same data: everything is there', run: startAgain },
  { title: 'and the next push is deployed', run: pushAgain },
];

async function killWorker(world: World): Promise<void> {
  await world.stack.kill('sync-worker');
  const head = await world.clone.push('main', 'guides/note.md', '# A note, written while the worker was away\n');
  const { state } = await finishedDeployment(world, head, 'production');
  assert.equal(state, 'success');
  assert.ok(world.notices.some((notice) => notice.startsWith('sync-worker ended unexpectedly')));
  world.know({ head });
}

async function startAgain(world: World): Promise<void> {
  const { page } = world;
  await world.startStack();
  await page.goto(world.stack.urls.console);
  await page.getByRole('link', { name: 'Git providers' }).click();
  await untilRow(page, 'Self-hosted Git providers', /Acme GitHub.*Connected.*1 organization/);
  await page.getByRole('link', { name: 'Projects', exact: true }).click();
  await untilRow(
    page,
    'Projects',
    new RegExp(`Acme docs.*acme/docs.*main.*Synced.*${world.known('head').slice(0, 7)}`),
  );
  await page.getByRole('link', { name: 'Acme docs' }).click();
  await page.getByRole('link', { name: 'index.md' }).click();
  await page.getByText('Acme moves parcels overnight.').waitFor();
  assert.equal((await get(world.known('productionUrl'))).status, 200);
}

async function pushAgain(world: World): Promise<void> {
  const { page } = world;
  const head = await world.clone.push('main', 'index.md', '# Acme, after the restart\n');
  await openTab(world, 'Deployments');
  await untilRow(page, 'Deployments', new RegExp(`Success.*Production.*Current.*${head.slice(0, 7)}`), 40_000);
  const answer = await eventually(
    async () => {
      const found = await get(world.known('productionUrl'));
      return found.body.includes('after the restart') && found;
    },
    { what: 'the site shows it' },
  );
  assert.equal(answer.status, 200);
  assert.deepEqual(world.pageErrors, [], 'no page had an error that nobody saw');
}
