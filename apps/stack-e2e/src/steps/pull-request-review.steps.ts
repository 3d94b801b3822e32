import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { openTab, rowMatching } from '../console.js';
import { finalStatuses } from '../deployments.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const PAGE = 'guides/getting-started.md';
const NEW_PAGE = 'guides/words.md';
const FIRST = 'plain-words';
const SECOND = 'other-words';
const TITLE = 'Plain words';
const EDITED = 'Plainer words';

/** Work on pull requests in the console, verified on the server. */
export const pullRequestReviewSteps: readonly Step[] = [
  { title: 'open a draft in the console: the server has it, with the name of its user', run: openDraft },
  { title: 'a title of 256 characters is rejected at its field', run: rejectTitle },
  { title: 'edit the description during a concurrent rename: the server has both changes', run: editConcurrently },
  { title: 'edit it and mark it ready: the server has both changes', run: editAndReady },
  { title: 'its files are shown with patch and both versions, its checks with their states', run: viewDetails },
  { title: 'merge after a concurrent push: rejected, then merged with the new head in one commit', run: merge },
  { title: 'a pull request with a conflict cannot be merged; it is closed in the console', run: conflict },
];

async function branchFromMain({ clone }: TestStack, branch: string): Promise<void> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', branch, 'origin/main');
}

async function changeHeading(stack: TestStack, branch: string, heading: string): Promise<string> {
  const text = await readFile(join(stack.clone.directory, PAGE), 'utf8');
  return stack.clone.push(branch, PAGE, text.replace(/^# .*$/m, `# ${heading}`), heading);
}

async function openDraft(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  await branchFromMain(stack, SECOND);
  await changeHeading(stack, SECOND, 'Other words');
  await branchFromMain(stack, FIRST);
  await clone.push(FIRST, NEW_PAGE, '# Words\n\nShort ones.\n');
  await changeHeading(stack, FIRST, 'Plain words');
  await openTab(stack, 'Pull requests');
  await page.getByRole('link', { name: 'New pull request' }).click();
  // A deleted branch in the URL is ignored.
  await page.goto(`${page.url()}?branch=gone`);
  await page.getByLabel('Title').fill(TITLE);
  await page.getByRole('button', { name: 'Open pull request' }).click();
  await page.getByText('Choose the branch with the changes.').first().waitFor();
  await page.getByLabel('Branch', { exact: true }).selectOption(FIRST);
  await page.getByLabel('Description').fill('So that *all users* read it. <img src=x onerror="alert(1)">');
  await stack.screenshot('new-pull-request');
  await page.getByRole('button', { name: 'Open pull request' }).click();
  await page.getByRole('heading', { name: new RegExp(`^${TITLE} #\\d+$`) }).waitFor();
  const number = Number(new URL(page.url()).pathname.split('/').at(-1));
  stack.remember({ pullRequest: number });
  const pull = await stack.simulator.pullRequest('acme/docs', number);
  assert.deepEqual([pull.title, pull.draft, pull.base.ref], [TITLE, true, 'main']);
  assert.match(pull.body ?? '', /all users[^]*Requested by Ada via Reunite$/);
  await page.getByText('It is a draft. Mark it as ready for review first.', { exact: true }).waitFor();
  assert.equal(await page.locator('.written img').count(), 0, 'the description is rendered as text');
}

async function rejectTitle({ page }: TestStack): Promise<void> {
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('x'.repeat(256));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog
    .getByText(/at most 255 characters/)
    .first()
    .waitFor();
  assert.equal(await dialog.getByLabel('Title').getAttribute('aria-invalid'), 'true');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
}

async function editConcurrently(stack: TestStack): Promise<void> {
  const { page, simulator } = stack;
  const name = ['acme/docs', stack.fact('pullRequest')] as const;
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await simulator.renamePullRequest(...name, 'Their words');
  await page.locator('h1').getByText('Their words').waitFor();
  await page.getByRole('dialog').getByLabel('Description').fill('So that users read it.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const pull = await simulator.pullRequest(...name);
  assert.equal(pull.title, 'Their words');
  assert.match(pull.body ?? '', /^So that users read it\./);
}

async function editAndReady(stack: TestStack): Promise<void> {
  const { page } = stack;
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Title').fill(EDITED);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: new RegExp(`^${EDITED} #`) }).waitFor();
  await page.getByRole('button', { name: 'Mark ready for review' }).click();
  await page.getByRole('button', { name: 'Merge…' }).waitFor();
  const pull = await stack.simulator.pullRequest('acme/docs', stack.fact('pullRequest'));
  assert.deepEqual([pull.title, pull.draft], [EDITED, false]);
  await stack.screenshot('pull-request');
}

async function viewDetails(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  await page.getByRole('tab', { name: 'Files (2)' }).click();
  const changed = page.getByRole('region', { name: `File ${PAGE}` });
  await changed.getByRole('row', { name: /added: # Plain words/ }).waitFor();
  await page
    .getByRole('region', { name: `File ${NEW_PAGE}` })
    .getByText('Added')
    .first()
    .waitFor();
  await stack.screenshot('pull-request-files');
  await changed.getByRole('button', { name: 'Before and after' }).click();
  await changed
    .getByRole('region', { name: /^After/ })
    .first()
    .getByText('# Plain words')
    .waitFor();
  const shown = await changed.getByRole('region', { name: `Before: text of ${PAGE}` }).innerText();
  assert.match(shown, /^# Get started$/m, 'the old version is the one of main');
  await finalStatuses(stack, await clone.head());
  await page.getByRole('tab', { name: /^Checks/ }).click();
  await eventually(
    async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      const rows = await page.getByRole('table', { name: 'Checks' }).getByRole('row').allInnerTexts();
      return rows.some((row) => /Acme docs\): build\s+Success/.test(row.replaceAll(/\s+/g, ' ')));
    },
    { what: 'the checks are listed' },
  );
}

async function merge(stack: TestStack): Promise<void> {
  const { page, clone } = stack;
  const dialog = page.getByRole('dialog', { name: /^Merge #/ });
  await page.getByRole('button', { name: 'Merge…' }).click();
  await dialog.getByRole('radio', { name: 'Squash' }).check();
  await clone.push(FIRST, NEW_PAGE, '# Words\n\nShort and good ones.\n');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await dialog
    .getByRole('alert')
    .getByText(/moved on/)
    .waitFor();
  const name = ['acme/docs', stack.fact('pullRequest')] as const;
  assert.equal((await stack.simulator.pullRequest(...name)).merged, false);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  const head = (await clone.head()).slice(0, 7);
  await eventually(
    async () => {
      await page.getByRole('button', { name: 'Merge…' }).click();
      if ((await dialog.innerText()).includes(head)) return true;
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      return false;
    },
    { what: 'the dialog shows the new head' },
  );
  await stack.screenshot('merge');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText('It is merged into main.', { exact: true }).waitFor();
  assert.equal((await stack.simulator.pullRequest(...name)).merged, true);
  await clone.git('fetch', '--quiet', 'origin');
  assert.match(await clone.git('log', '-1', '--format=%B', 'origin/main'), /Requested by Ada via Reunite/);
  assert.match(await clone.git('show', `origin/main:${NEW_PAGE}`), /Short and good ones/);
}

async function conflict(stack: TestStack): Promise<void> {
  const { page, clone, simulator } = stack;
  const number = await simulator.openPullRequest('acme/docs', SECOND, 'Other words');
  await page.getByRole('link', { name: 'Pull requests', exact: true }).click();
  await rowMatching(page, 'Pull requests', /Other words.*Open/);
  await page.getByRole('link', { name: `#${number} Other words` }).click();
  await page
    .getByText(/Its changes conflict with main/)
    .first()
    .waitFor();
  const path = `/v1/projects/${stack.fact('projectId')}/pull-requests/${number}/merge`;
  await clone.git('checkout', '--quiet', SECOND);
  const answer = await stack.api.send('POST', path, { headCommit: await clone.head() });
  assert.equal(answer.status, 409);
  assert.match(await answer.text(), /conflict with main/);
  await page.getByRole('button', { name: 'Close pull request' }).click();
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  assert.equal((await simulator.pullRequest('acme/docs', number)).state, 'closed');
  await clone.git('push', '--quiet', 'origin', '--delete', FIRST, SECOND);
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', 'main', 'origin/main');
  await page.getByRole('link', { name: 'Pull requests', exact: true }).click();
  await page.getByRole('tab', { name: 'Content' }).waitFor();
}
