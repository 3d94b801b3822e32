import assert from 'node:assert/strict';
import { eventually } from '@reunite/testing';
import { markPage, stillLoaded } from '../../console.js';
import type { TestStack } from '../../test-stack.js';
import type { Step } from '../step.js';
import { dataOf } from './console-data.js';

/** Longer than the five seconds after which the console reports slow loading. */
const SLOW_MS = 6_000;

const CHECKS: readonly Step[] = [
  { title: 'with the keyboard only: go to a project, to its deployments, and through a dialog', run: keyboardOnly },
  { title: 'the sign-in expires: after signing in again, the same page is shown', run: expiredSignIn },
  { title: 'another organization sees neither the project nor its deployments (P8)', run: otherTenant },
  { title: 'a slow server: the page reports it, and then shows the content', run: slowServer },
  { title: 'the API is killed: the page reports it, and is current again without a reload', run: apiDown },
  { title: 'a read that fails keeps the last known state, and can be tried again', run: failedRead },
  { title: 'a dropped connection: the action reports it and succeeds when it is repeated', run: lostAction },
  { title: 'no page made a request elsewhere, and the content security policy blocked nothing', run: strictPolicy },
];

/** Each check opens its own page, so a failed one does not affect the others. */
export const resilienceSteps: readonly Step[] = CHECKS.map((step) => ({ ...step, isIndependent: true }));

const consolePath = (stack: TestStack, path: string) => stack.local.urls.console + path;

async function keyboardOnly(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.goto(consolePath(stack, '/'));
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Go to' }).waitFor();
  await page.keyboard.type('Acme docs: Over');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Acme docs', level: 1 }).waitFor();
  await page.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/deployments$/);
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.getByRole('heading', { name: 'Self-hosted Git providers' }).waitFor();
  await page.goto(consolePath(stack, `/deployments/${dataOf(stack).deployment}`));
  const button = page.getByRole('button', { name: 'Re-deploy…' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await eventually(() => button.evaluate((element) => element === element.ownerDocument.activeElement), {
    what: 'the focus is back on the button',
  });
}

async function signInAs({ page }: TestStack, name: RegExp): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in to Reunite' }).waitFor();
  await page.getByRole('button', { name }).click();
}

async function expiredSignIn(stack: TestStack): Promise<void> {
  const { page } = stack;
  const path = `/projects/${stack.fact('projectId')}/pull-requests?state=any`;
  await page.goto(consolePath(stack, path));
  await page.getByRole('table', { name: 'Pull requests' }).waitFor();
  await page.context().clearCookies();
  await page.getByLabel('State').selectOption('closed');
  await signInAs(stack, /Ada/);
  await page.waitForURL(consolePath(stack, path.replace('any', 'closed')));
  await page.getByRole('heading', { name: 'Acme docs', level: 1 }).waitFor();
}

async function otherTenant(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.goto(consolePath(stack, '/'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signInAs(stack, /Mallory/);
  await page.getByRole('heading', { name: /^Connect your/ }).waitFor();
  const { deployment, pullRequest } = dataOf(stack);
  const foreign = [
    `/projects/${stack.fact('projectId')}`,
    `/projects/${stack.fact('projectId')}/pull-requests/${pullRequest}`,
    `/deployments/${deployment}`,
    `/connections/${stack.fact('connectionId')}`,
  ];
  for (const path of foreign) {
    await page.goto(consolePath(stack, path));
    await page.getByRole('heading', { name: 'Not found', level: 1 }).waitFor();
  }
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signInAs(stack, /Ada/);
  await page.getByRole('heading', { name: 'Home' }).waitFor();
}

async function slowServer(stack: TestStack): Promise<void> {
  const { page } = stack;
  const lists = /\/v1\/projects(?:\?|$)/;
  await page.route(lists, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    await route.continue().catch(() => undefined);
  });
  await page.goto(consolePath(stack, '/projects'));
  await page.getByText('This takes longer than usual.').waitFor();
  await page.getByRole('link', { name: 'Acme docs' }).waitFor();
  // Requests that are still delayed are continued by the browser.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

async function apiDown(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.goto(consolePath(stack, `/projects/${stack.fact('projectId')}/settings`));
  await page.getByLabel('Project name').waitFor();
  await markPage(stack);
  await stack.local.kill('api');
  await page.getByText('The server is unreachable').first().waitFor();
  // The supervisor of the stack restarts the API.
  await page.getByText('The server is unreachable').first().waitFor({ state: 'hidden', timeout: 60_000 });
  await page.getByText('Live', { exact: true }).waitFor();
  const renamed = await eventually(
    () => stack.api.send('PATCH', `/v1/projects/${stack.fact('projectId')}`, { name: 'Acme docs renamed' }),
    { what: 'the API answers' },
  );
  assert.equal(renamed.status, 200);
  await page.getByRole('heading', { name: 'Acme docs renamed', level: 1 }).waitFor();
  await stack.api.send('PATCH', `/v1/projects/${stack.fact('projectId')}`, { name: 'Acme docs' });
  await page.getByRole('heading', { name: 'Acme docs', exact: true, level: 1 }).waitFor();
  assert.ok(await stillLoaded(stack), 'the page was not reloaded');
}

async function failedRead(stack: TestStack): Promise<void> {
  const { page } = stack;
  const path = /\/v1\/deployments\/[^/]+$/;
  await page.route(path, (route) => route.fulfill({ status: 502, body: 'Bad gateway' }));
  // Without live events, the page is not read again by itself.
  await page.route('**/v1/events*', (route) => route.abort());
  await page.goto(consolePath(stack, `/deployments/${dataOf(stack).deployment}`));
  await page.getByText('Could not load the deployment').waitFor();
  await page.getByText('The server is starting or being replaced.').waitFor();
  await page.unroute(path);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Preview deployment' }).waitFor();
  await page.unroute('**/v1/events*');
}

async function lostAction(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.goto(consolePath(stack, `/connections/${stack.fact('connectionId')}`));
  const refresh = page.getByRole('button', { name: 'Refresh' });
  await refresh.waitFor();
  await page.route('**/refresh', (route) => route.abort());
  await refresh.click();
  await page.getByRole('alert').getByText('The server is unreachable.').waitFor();
  await page.unroute('**/refresh');
  await refresh.click();
  await page.getByRole('alert').waitFor({ state: 'hidden' });
}

function strictPolicy(stack: TestStack): Promise<void> {
  const { foreignRequests, blocked } = stack.consoleTraffic;
  assert.deepEqual(foreignRequests, []);
  assert.deepEqual(blocked, []);
  assert.deepEqual(stack.pageErrors, [], 'no page had an uncaught error');
  return Promise.resolve();
}
