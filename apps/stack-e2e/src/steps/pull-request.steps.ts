import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { openTab, untilRow } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

const BRANCH = 'faster-start';
const TITLE = 'Start faster';
const BROKEN = 'openapi: 3.1.0\ninfo:\n  title: "Acme API\npaths: {}\n';

export const pullRequestSteps: readonly Step[] = [
  { title: 'push a branch, open a pull request: a preview whose address opens and shows the change', run: openPreview },
  { title: 'the commit on the server carries pending, then success, with that address', run: greenStatuses },
  { title: 'break openapi.yaml: the deployment fails, and the build log says why', run: breakPage },
  { title: 'the commit on the server carries failure', run: redStatuses },
  { title: 'repair it: the preview shows the newest commit', run: repair },
  { title: 'close the pull request and delete the branch: the preview is gone', run: closePullRequest },
];

async function openPreview(world: World): Promise<void> {
  const { page, clone } = world;
  const path = 'guides/getting-started.md';
  const text = await readFile(join(clone.directory, path), 'utf8');
  const head = await clone.push(BRANCH, path, text.replace('# Get started', '# Get started in five minutes'));
  world.know({ pullRequest: await world.simulator.openPullRequest('acme/docs', BRANCH, TITLE), head });
  await openTab(world, 'Pull requests');
  await untilRow(page, 'Pull requests', new RegExp(`${TITLE}.*Open.*octocat.*${BRANCH}.*Open preview`), 40_000);
  await world.picture('pull-requests');
  const previewUrl = await world.inNewTab(
    () => page.getByRole('row', { name: TITLE }).getByRole('link', { name: 'Open preview' }).click(),
    async (tab) => {
      await tab
        .getByRole('link', { name: /Get started/ })
        .first()
        .click();
      await tab.getByRole('heading', { name: 'Get started in five minutes' }).waitFor();
      await world.picture('preview', tab);
      return new URL('/', tab.url()).href;
    },
  );
  world.know({ previewUrl });
  const production = await get(new URL('guides/getting-started/', world.known('productionUrl')).href);
  assert.doesNotMatch(production.body, /five minutes/, 'production does not show it');
}

async function greenStatuses(world: World): Promise<void> {
  const { url } = await finishedDeployment(world, world.known('head'), 'preview');
  const statuses = await finalStatuses(world, world.known('head'));
  for (const [context, list] of statuses) {
    assert.deepEqual([list[0]?.state, list.at(-1)?.state], ['pending', 'success'], `status ${context}`);
    assert.ok(context.includes('Acme docs'), `the context "${context}" names the project`);
  }
  const targets = [...statuses.values()].map((list) => list.at(-1)?.target_url);
  assert.ok(targets.includes(url), `a status leads to ${url}: ${targets.join(', ')}`);
}

async function breakPage(world: World): Promise<void> {
  const { page } = world;
  const head = await world.clone.push(BRANCH, 'openapi.yaml', BROKEN, 'Break the description');
  world.know({ head });
  await openTab(world, 'Deployments');
  await untilRow(page, 'Deployments', new RegExp(`Failed.*Preview.*${BRANCH}.*${head.slice(0, 7)}`), 40_000);
  await world.picture('deployments');
  await page.getByRole('link', { name: `Failed: deployment of ${BRANCH} at ${head.slice(0, 7)}` }).click();
  const log = page.getByRole('log', { name: 'Build log' });
  await eventually(async () => /openapi\.yaml/.test(await log.innerText()), { what: 'the build log names the file' });
  assert.match(await page.getByRole('alert').first().innerText(), /openapi\.yaml/);
  await world.picture('build-log');
  await page.getByRole('link', { name: 'Deployments' }).click();
}

async function redStatuses(world: World): Promise<void> {
  const statuses = await finalStatuses(world, world.known('head'));
  const last = [...statuses.values()].map((list) => list.at(-1));
  const failure = last.find((status) => status?.state === 'failure');
  assert.ok(failure, `a status says failure: ${last.map((status) => status?.state).join(', ')}`);
  assert.ok(!last.some((status) => status?.state === 'success' && status.context === failure.context));
}

async function repair(world: World): Promise<void> {
  const { clone } = world;
  await clone.git('revert', '--no-edit', '--quiet', 'HEAD').catch(() => clone.git('revert', '--no-edit', 'HEAD'));
  await clone.git('push', '--quiet', 'origin', `HEAD:refs/heads/${BRANCH}`);
  const { state, url } = await finishedDeployment(world, await clone.head(), 'preview');
  assert.equal(state, 'success');
  assert.ok(url, 'the preview has an address');
  world.know({ previewUrl: url });
  assert.equal((await get(url)).status, 200);
}

async function closePullRequest(world: World): Promise<void> {
  const { page, clone } = world;
  await world.simulator.closePullRequest('acme/docs', world.known('pullRequest'));
  await clone.git('push', '--quiet', 'origin', '--delete', BRANCH);
  await eventually(async () => [404, 410].includes((await get(world.known('previewUrl'))).status), {
    what: 'the preview is gone',
  });
  await openTab(world, 'Pull requests');
  await page.getByText('No open pull request').waitFor();
  await page.getByLabel('State').selectOption('closed');
  await untilRow(page, 'Pull requests', new RegExp(`${TITLE}.*Closed`));
  await eventually(
    async () => {
      const answer = await world.api.get(`/v1/projects/${world.known('projectId')}/content?branch=${BRANCH}`);
      return answer.status === 404;
    },
    { what: 'the branch is gone' },
  );
  assert.equal((await get(world.known('productionUrl'))).status, 200, 'production stays');
}
