import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import { openTab, rowMatching } from '../console.js';
import { finalStatuses, finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const BRANCH = 'without-pull-request';

export const deploymentSteps: readonly Step[] = [
  { title: 're-deploy production: it is built again, at the same URL', run: redeploy },
  { title: 'promote an older deployment: production shows the old page, without a build', run: rollBack },
  { title: 'push again: production shows the new page', run: goOn },
  { title: 'one trace leads from the webhook of that push to its commit status', needs: 'processes', run: traced },
  { title: 'find deployments by environment and branch', run: filter },
  {
    title: 'preview all branches: a branch without pull request has a preview; none: it is removed',
    run: changePolicy,
  },
];

async function openDeployment({ page, local }: TestStack, id: string): Promise<void> {
  await page.goto(`${local.urls.console}/deployments/${id}`);
}

async function openProject(stack: TestStack): Promise<void> {
  await stack.page.goto(`${stack.local.urls.console}/projects/${stack.fact('projectId')}`);
}

/** Presses a button and confirms the dialog, which opens the new deployment. @returns its id */
async function confirm({ page }: TestStack, action: string): Promise<string> {
  const before = page.url();
  await page.getByRole('button', { name: `${action}…` }).click();
  await page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/deployments/') && url.href !== before);
  return page.url().split('/').at(-1) ?? '';
}

async function shown(stack: TestStack): Promise<string> {
  return (await get(stack.fact('productionUrl'))).body;
}

async function redeploy(stack: TestStack): Promise<void> {
  const { page } = stack;
  const current = (await stack.api.deployments(stack.fact('projectId'))).find(
    (one) => one.environment === 'production' && one.current,
  );
  assert.ok(current, 'production shows something');
  await openDeployment(stack, current.id);
  const id = await confirm(stack, 'Re-deploy');
  // The previous page shows "Current" too, so wait for text of the new page first.
  await page.getByText('Re-deployed by Ada').first().waitFor();
  await page.getByText('Current', { exact: true }).waitFor();
  const all = await stack.api.deployments(stack.fact('projectId'));
  assert.equal(all.find((one) => one.current && one.environment === 'production')?.id, id);
  assert.match(await shown(stack), /overnight/);
}

async function rollBack(stack: TestStack): Promise<void> {
  const { page } = stack;
  const all = await stack.api.deployments(stack.fact('projectId'));
  const first = all.findLast((one) => one.environment === 'production' && one.state === 'success');
  assert.ok(first && first.commit !== stack.fact('head'), 'there is an older production');
  await openDeployment(stack, first.id);
  const id = await confirm(stack, 'Promote to production');
  await page.getByText('Current', { exact: true }).waitFor();
  await page.getByRole('log', { name: 'Build log' }).getByText('Promoted to production by Ada').waitFor();
  const log = await stack.api.deploymentLog(id);
  assert.ok(!log.some(({ message }) => message.startsWith('Building')), 'nothing was built');
  await stack.screenshot('promoted');
  // The preview host caches the current deployment for a second.
  await eventually(async () => !/overnight/.test(await shown(stack)), { what: 'production shows the old page' });
  const statuses = await finalStatuses(stack, first.commit);
  for (const [context, list] of statuses) assert.equal(list.at(-1)?.state, 'success', `status ${context}`);
}

async function goOn(stack: TestStack): Promise<void> {
  const head = await stack.clone.push('main', 'guides/rollback.md', '# Written after the rollback\n');
  stack.remember({ head });
  const { current } = await finishedDeployment(stack, head, 'production');
  assert.ok(current, 'production shows the newest commit');
  await eventually(async () => /overnight/.test(await shown(stack)), { what: 'production shows the new page' });
}

/** Spans of a push: the service and the beginning of the name. */
const SPANS_OF_PUSH = [
  'webhook-ingest: receive webhook',
  'sync-worker: process delivery',
  'sync-worker: job sync-ref',
  'sync-worker: ghes git fetch',
  'sync-worker: job build-deployment',
  'sync-worker: job send-commit-statuses',
];

async function traced(stack: TestStack): Promise<void> {
  const { api, traces } = stack;
  const deployment = (await api.deployments(stack.fact('projectId'))).find(
    ({ commit }) => commit === stack.fact('head'),
  );
  assert.ok(deployment, 'the push was deployed');
  let names: string[] = [];
  let roots: string[] = [];
  const trace = await eventually(
    () => {
      const spans = traces.traceOf({ 'reunite.deployment.id': deployment.id });
      names = spans.map(({ service, name }) => `${service}: ${name}`);
      const ids = new Set(spans.map(({ spanId }) => spanId));
      roots = spans.filter(({ parentSpanId }) => !ids.has(parentSpanId)).map(({ name }) => name);
      const isComplete = SPANS_OF_PUSH.every((name) => names.includes(name));
      const isReported = names.some((name) => /: ghes POST .*\/statuses\/\{sha\}$/.test(name));
      // A span is exported when it ends, after the spans within it.
      return isComplete && isReported && roots.length === 1 && spans;
    },
    { what: 'the trace of the push has all spans and one root', withinMs: 20_000 },
  ).catch((cause: unknown) => {
    const actual = `these spans: ${names.join(', ')}; without their parent: ${roots.join(', ')}`;
    throw new Error(`The trace of the push has ${actual}`, { cause });
  });
  assert.deepEqual(roots, ['receive webhook'], 'every other span continues a span of the same trace');
  for (const key of ['reunite.delivery.id', 'reunite.connection.id', 'reunite.ref.id', 'reunite.deployment.id']) {
    assert.ok(
      trace.some(({ attributes }) => attributes[key] !== undefined),
      `a span has ${key}`,
    );
  }
}

async function filter(stack: TestStack): Promise<void> {
  const { page } = stack;
  await openProject(stack);
  await openTab(stack, 'Deployments');
  await page.getByLabel('Environment').selectOption('preview');
  await page.getByText('No such deployment').waitFor();
  await page.getByLabel('Environment').selectOption('production');
  await page.getByLabel('Branch').selectOption('main');
  await rowMatching(page, 'Deployments', /Success.*Production.*main.*Promoted by Ada/);
  await stack.screenshot('deployments-filtered');
}

async function changePolicy(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  await chooseBranchPreviews(stack, 'All');
  const head = await clone.push(BRANCH, 'guides/policy.md', '# A branch of its own\n');
  const { state, url, trigger } = await finishedDeployment(stack, head, 'preview');
  assert.deepEqual([state, trigger], ['success', 'push']);
  assert.equal((await get(`${url ?? ''}guides/policy/`)).status, 200);
  await chooseBranchPreviews(stack, 'None');
  await eventually(async () => [404, 410].includes((await get(url ?? '')).status), { what: 'the preview is gone' });
  await clone.git('push', '--quiet', 'origin', '--delete', BRANCH);
  await clone.git('reset', '--quiet', '--hard', 'HEAD~1');
  await page.getByRole('tab', { name: 'Deployments' }).click();
}

async function chooseBranchPreviews(stack: TestStack, mode: string): Promise<void> {
  const { page } = stack;
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('group', { name: 'Branch previews' }).getByLabel(mode, { exact: true }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. Affected branches are being deployed.').waitFor();
}
