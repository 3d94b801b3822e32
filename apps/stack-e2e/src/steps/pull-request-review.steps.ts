import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { openTab, untilRow } from '../console.js';
import { finalStatuses } from '../deployments.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

const PAGE = 'guides/getting-started.md';
const NEW_PAGE = 'guides/words.md';
const FIRST = 'plain-words';
const SECOND = 'other-words';
const TITLE = 'Plain words';
const EDITED = 'Plainer words';

/** Pull requests as people work on them in the console; the server's own answers judge what came of it. */
export const pullRequestReviewSteps: readonly Step[] = [
  { title: 'open a draft from the console: the server has it, with who asked for it', run: openDraft },
  { title: 'a title of 256 characters is refused at its field', run: refuseTitle },
  { title: 'describe it while somebody else names it otherwise: the server has both', run: editBeside },
  { title: 'edit it and mark it ready: the server has both', run: editAndReady },
  { title: 'its files are shown with their patch, before and after, and its checks with their states', run: look },
  { title: 'a head that moved on is not merged; looked at anew, it is, in one commit', run: merge },
  { title: 'a pull request that conflicts says so, and is not merged; it is closed from the console', run: conflict },
];

async function branchFromMain({ clone }: World, branch: string): Promise<void> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', branch, 'origin/main');
}

async function changeHeading(world: World, branch: string, heading: string): Promise<string> {
  const text = await readFile(join(world.clone.directory, PAGE), 'utf8');
  return world.clone.push(branch, PAGE, text.replace(/^# .*$/m, `# ${heading}`), heading);
}

async function openDraft(world: World): Promise<void> {
  const { page, clone } = world;
  await branchFromMain(world, SECOND);
  await changeHeading(world, SECOND, 'Other words');
  await branchFromMain(world, FIRST);
  await clone.push(FIRST, NEW_PAGE, '# Words\n\nShort ones.\n');
  await changeHeading(world, FIRST, 'Plain words');
  await openTab(world, 'Pull requests');
  await page.getByRole('link', { name: 'New pull request' }).click();
  // A branch that is gone is not chosen, and not asked for.
  await page.goto(`${page.url()}?branch=gone`);
  await page.getByLabel('Title').fill(TITLE);
  await page.getByRole('button', { name: 'Open pull request' }).click();
  await page.getByText('Choose the branch with the changes.').first().waitFor();
  await page.getByLabel('Branch', { exact: true }).selectOption(FIRST);
  await page.getByLabel('Description').fill('So that *everybody* reads it. <img src=x onerror="alert(1)">');
  await world.picture('new-pull-request');
  await page.getByRole('button', { name: 'Open pull request' }).click();
  await page.getByRole('heading', { name: new RegExp(`^${TITLE} #\\d+$`) }).waitFor();
  const number = Number(new URL(page.url()).pathname.split('/').at(-1));
  world.know({ pullRequest: number });
  const pull = await world.simulator.pullRequest('acme/docs', number);
  assert.deepEqual([pull.title, pull.draft, pull.base.ref], [TITLE, true, 'main']);
  assert.match(pull.body ?? '', /everybody[^]*Requested by Ada via Reunite$/);
  await page.getByText('It is a draft. Mark it as ready for review first.', { exact: true }).waitFor();
  assert.equal(await page.locator('.written img').count(), 0, 'what was written is text, not HTML');
}

async function refuseTitle({ page }: World): Promise<void> {
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

async function editBeside(world: World): Promise<void> {
  const { page, simulator } = world;
  const name = ['acme/docs', world.known('pullRequest')] as const;
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await simulator.renamePullRequest(...name, 'Their words');
  await page.locator('h1').getByText('Their words').waitFor();
  await page.getByRole('dialog').getByLabel('Description').fill('So that somebody reads it.');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const pull = await simulator.pullRequest(...name);
  assert.equal(pull.title, 'Their words');
  assert.match(pull.body ?? '', /^So that somebody reads it\./);
}

async function editAndReady(world: World): Promise<void> {
  const { page } = world;
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Title').fill(EDITED);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: new RegExp(`^${EDITED} #`) }).waitFor();
  await page.getByRole('button', { name: 'Mark ready for review' }).click();
  await page.getByRole('button', { name: 'Merge…' }).waitFor();
  const pull = await world.simulator.pullRequest('acme/docs', world.known('pullRequest'));
  assert.deepEqual([pull.title, pull.draft], [EDITED, false]);
  await world.picture('pull-request');
}

async function look(world: World): Promise<void> {
  const { page, clone } = world;
  await page.getByRole('tab', { name: 'Files (2)' }).click();
  const changed = page.getByRole('region', { name: `File ${PAGE}` });
  await changed.getByRole('row', { name: /added: # Plain words/ }).waitFor();
  await page
    .getByRole('region', { name: `File ${NEW_PAGE}` })
    .getByText('Added')
    .first()
    .waitFor();
  await world.picture('pull-request-files');
  await changed.getByRole('button', { name: 'Before and after' }).click();
  await changed
    .getByRole('region', { name: /^After/ })
    .first()
    .getByText('# Plain words')
    .waitFor();
  const shown = await changed.getByRole('region', { name: `Before: text of ${PAGE}` }).innerText();
  assert.match(shown, /^# Get started$/m, 'before is what main has');
  await finalStatuses(world, await clone.head());
  await page.getByRole('tab', { name: /^Checks/ }).click();
  await eventually(
    async () => {
      await page.getByRole('button', { name: 'Read again' }).click();
      const rows = await page.getByRole('table', { name: 'Checks' }).getByRole('row').allInnerTexts();
      return rows.some((row) => /Acme docs\): build\s+Success/.test(row.replaceAll(/\s+/g, ' ')));
    },
    { what: 'the checks are shown' },
  );
}

async function merge(world: World): Promise<void> {
  const { page, clone } = world;
  const dialog = page.getByRole('dialog', { name: /^Merge #/ });
  await page.getByRole('button', { name: 'Merge…' }).click();
  await dialog.getByRole('radio', { name: 'Squash' }).check();
  await clone.push(FIRST, NEW_PAGE, '# Words\n\nShort and good ones.\n');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await dialog
    .getByRole('alert')
    .getByText(/moved on/)
    .waitFor();
  const name = ['acme/docs', world.known('pullRequest')] as const;
  assert.equal((await world.simulator.pullRequest(...name)).merged, false);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  const head = (await clone.head()).slice(0, 7);
  await eventually(
    async () => {
      await page.getByRole('button', { name: 'Merge…' }).click();
      if ((await dialog.innerText()).includes(head)) return true;
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      return false;
    },
    { what: 'the dialog asks for the new head' },
  );
  await world.picture('merge');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByText('It is merged into main.', { exact: true }).waitFor();
  assert.equal((await world.simulator.pullRequest(...name)).merged, true);
  await clone.git('fetch', '--quiet', 'origin');
  assert.match(await clone.git('log', '-1', '--format=%B', 'origin/main'), /Requested by Ada via Reunite/);
  assert.match(await clone.git('show', `origin/main:${NEW_PAGE}`), /Short and good ones/);
}

async function conflict(world: World): Promise<void> {
  const { page, clone, simulator } = world;
  const number = await simulator.openPullRequest('acme/docs', SECOND, 'Other words');
  await page.getByRole('link', { name: 'Pull requests', exact: true }).click();
  await untilRow(page, 'Pull requests', /Other words.*Open/);
  await page.getByRole('link', { name: `#${number} Other words` }).click();
  await page
    .getByText(/Its changes conflict with main/)
    .first()
    .waitFor();
  const path = `/v1/projects/${world.known('projectId')}/pull-requests/${number}/merge`;
  await clone.git('checkout', '--quiet', SECOND);
  const refused = await world.api.send('POST', path, { headCommit: await clone.head() });
  assert.equal(refused.status, 409);
  assert.match(await refused.text(), /conflict with main/);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('button', { name: 'Reopen' }).waitFor();
  assert.equal((await simulator.pullRequest('acme/docs', number)).state, 'closed');
  await clone.git('push', '--quiet', 'origin', '--delete', FIRST, SECOND);
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', 'main', 'origin/main');
  await page.getByRole('link', { name: 'Pull requests', exact: true }).click();
  await page.getByRole('tab', { name: 'Content' }).waitFor();
}
