import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { openTab, rowMatching } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const BRANCH = 'faster-start';
const TITLE = 'Start faster';
const BROKEN = 'openapi: 3.1.0\ninfo:\n  title: "Acme API\npaths: {}\n';

export const pullRequestSteps: readonly Step[] = [
  { title: 'push a branch and open a pull request: its preview shows the change', run: openPreview },
  { title: 'the commit on the server has the statuses pending and success with the preview URL', run: greenStatuses },
  {
    title: 'break openapi.yaml: the preview is built without it, and the build log contains the reason',
    run: breakPage,
  },
  { title: 'the commit on the server has the status failure of the lint', run: redStatuses },
  { title: 'repair it: the preview shows the newest commit', run: repair },
  { title: 'close the pull request and delete the branch: the preview is removed', run: closePullRequest },
];

async function openPreview(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  const path = 'guides/getting-started.md';
  const text = await readFile(join(clone.directory, path), 'utf8');
  const head = await clone.push(BRANCH, path, text.replace('# Get started', '# Get started in five minutes'));
  stack.remember({ pullRequest: await stack.simulator.openPullRequest('acme/docs', BRANCH, TITLE), head });
  await openTab(stack, 'Pull requests');
  await rowMatching(page, 'Pull requests', new RegExp(`${TITLE}.*Open.*octocat.*${BRANCH}.*Open preview`), 40_000);
  await stack.screenshot('pull-requests');
  const previewUrl = await stack.inNewTab(
    () => page.getByRole('row', { name: TITLE }).getByRole('link', { name: 'Open preview' }).click(),
    async (tab) => {
      await tab
        .getByRole('link', { name: /Get started/ })
        .first()
        .click();
      await tab.getByRole('heading', { name: 'Get started in five minutes' }).waitFor();
      await stack.screenshot('preview', tab);
      return new URL('/', tab.url()).href;
    },
  );
  stack.remember({ previewUrl });
  const production = await get(new URL('guides/getting-started/', stack.fact('productionUrl')).href);
  assert.doesNotMatch(production.body, /five minutes/, 'production does not show it');
}

async function greenStatuses(stack: TestStack): Promise<void> {
  const { url } = await finishedDeployment(stack, stack.fact('head'), 'preview');
  const statuses = await finalStatuses(stack, stack.fact('head'));
  for (const [context, list] of statuses) {
    assert.deepEqual([list[0]?.state, list.at(-1)?.state], ['pending', 'success'], `status ${context}`);
    assert.ok(context.includes('Acme docs'), `the context "${context}" names the project`);
  }
  const targets = [...statuses.values()].map((list) => list.at(-1)?.target_url);
  assert.ok(targets.includes(url), `a status links to ${url}: ${targets.join(', ')}`);
}

async function breakPage(stack: TestStack): Promise<void> {
  const { page } = stack;
  const head = await stack.clone.push(BRANCH, 'openapi.yaml', BROKEN, 'Break the description');
  stack.remember({ head });
  const { state, url } = await finishedDeployment(stack, head, 'preview');
  assert.equal(state, 'success');
  assert.equal((await get(url ?? '')).status, 200, 'the other pages are published');
  await openTab(stack, 'Deployments');
  await rowMatching(page, 'Deployments', new RegExp(`Success.*Preview.*${BRANCH}.*${head.slice(0, 7)}`), 40_000);
  await stack.screenshot('deployments');
  await page.getByRole('link', { name: `Success: deployment of ${BRANCH} at ${head.slice(0, 7)}` }).click();
  const log = page.getByRole('log', { name: 'Build log' });
  await eventually(async () => /openapi\.yaml/.test(await log.innerText()), { what: 'the build log names the file' });
  await stack.screenshot('build-log');
  await page.getByRole('link', { name: 'Deployments' }).click();
}

async function redStatuses(stack: TestStack): Promise<void> {
  const statuses = await finalStatuses(stack, stack.fact('head'));
  const last = [...statuses.values()].map((list) => list.at(-1));
  const failure = last.find((status) => status?.state === 'failure');
  assert.ok(failure, `a status is failure: ${last.map((status) => status?.state).join(', ')}`);
  assert.match(failure.context, /lint/);
}

async function repair(stack: TestStack): Promise<void> {
  const { clone } = stack;
  await clone.git('revert', '--no-edit', '--quiet', 'HEAD').catch(() => clone.git('revert', '--no-edit', 'HEAD'));
  await clone.git('push', '--quiet', 'origin', `HEAD:refs/heads/${BRANCH}`);
  const { state, url } = await finishedDeployment(stack, await clone.head(), 'preview');
  assert.equal(state, 'success');
  assert.ok(url, 'the preview has a URL');
  stack.remember({ previewUrl: url });
  assert.equal((await get(url)).status, 200);
}

async function closePullRequest(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  await stack.simulator.closePullRequest('acme/docs', stack.fact('pullRequest'));
  await clone.git('push', '--quiet', 'origin', '--delete', BRANCH);
  await eventually(async () => [404, 410].includes((await get(stack.fact('previewUrl'))).status), {
    what: 'the preview is gone',
  });
  await openTab(stack, 'Pull requests');
  await page.getByText('No open pull request').waitFor();
  await page.getByLabel('State').selectOption('closed');
  await rowMatching(page, 'Pull requests', new RegExp(`${TITLE}.*Closed`));
  await eventually(
    async () => {
      const answer = await stack.api.get(`/v1/projects/${stack.fact('projectId')}/content?branch=${BRANCH}`);
      return answer.status === 404;
    },
    { what: 'the branch is gone' },
  );
  assert.equal((await get(stack.fact('productionUrl'))).status, 200, 'production stays');
}
