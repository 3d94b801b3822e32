import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import { openTab, renderedPage, rowMatching } from '../console.js';
import { finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

export const restartSteps: readonly Step[] = [
  { title: 'a killed service is restarted', run: killWorker },
  { title: 'a killed PostgreSQL is restarted within ten seconds, and the next push is deployed', run: killPostgres },
  {
    title: 'stop: all processes end',
    async run(stack) {
      const { urls } = stack.local;
      await stack.stopStack();
      const killed = stack.notices.filter((notice) => notice.includes('was killed'));
      assert.deepEqual(killed, [], 'every service stopped on SIGTERM');
      for (const url of [urls.api, urls.ingest, urls.simulator, urls.previewHost]) {
        await assert.rejects(fetch(url), `nothing answers at ${url}`);
      }
    },
  },
  { title: 'start again with the same data: everything is there', run: startAgain },
  { title: 'the next push is deployed', run: pushAgain },
];

async function killWorker(stack: TestStack): Promise<void> {
  await stack.local.kill('sync-worker');
  const head = await stack.clone.push('main', 'guides/note.md', '# A note, written while the worker was down\n');
  const { state } = await finishedDeployment(stack, head, 'production');
  assert.equal(state, 'success');
  assert.ok(stack.notices.some((notice) => notice.startsWith('sync-worker exited unexpectedly')));
  stack.remember({ head });
}

async function killPostgres(stack: TestStack): Promise<void> {
  stack.local.killPostgres();
  const answers = async () => (await stack.api.get(`/v1/projects/${stack.fact('projectId')}`)).ok;
  await eventually(() => stack.notices.includes('PostgreSQL is running again.'), { withinMs: 10_000 });
  await eventually(answers, { what: 'the API answers from the database', withinMs: 10_000 });
  const head = await stack.clone.push('main', 'guides/note.md', '# A note, written after the crash of PostgreSQL\n');
  const { state } = await finishedDeployment(stack, head, 'production');
  assert.equal(state, 'success');
  stack.remember({ head });
}

async function startAgain(stack: TestStack): Promise<void> {
  const { page } = stack;
  await stack.startStack();
  await page.goto(stack.local.urls.console);
  await page.getByRole('link', { name: 'Git providers' }).click();
  await rowMatching(page, 'Self-hosted Git providers', /Acme GitHub.*Connected.*1 organization/);
  await page.getByRole('link', { name: 'Projects', exact: true }).click();
  await rowMatching(
    page,
    'Projects',
    new RegExp(`Acme docs.*acme/docs.*main.*Synced.*${stack.fact('head').slice(0, 7)}`),
  );
  await page.getByRole('link', { name: 'Acme docs' }).click();
  await openTab(stack, 'Content');
  await page.getByRole('link', { name: 'index.md' }).click();
  await renderedPage(stack, 'index.md').getByText('Acme moves parcels overnight.').waitFor();
  assert.equal((await get(stack.fact('productionUrl'))).status, 200);
}

async function pushAgain(stack: TestStack): Promise<void> {
  const { page } = stack;
  const head = await stack.clone.push('main', 'index.md', '# Acme, after the restart\n');
  await openTab(stack, 'Deployments');
  await rowMatching(page, 'Deployments', new RegExp(`Success.*Production.*Current.*${head.slice(0, 7)}`), 40_000);
  const site = await eventually(
    async () => {
      const answer = await get(stack.fact('productionUrl'));
      return answer.body.includes('after the restart') && answer;
    },
    { what: 'the site shows the page' },
  );
  assert.equal(site.status, 200);
  assert.deepEqual(stack.pageErrors, [], 'no page had an uncaught error');
}
