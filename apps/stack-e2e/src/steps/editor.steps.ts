import assert from 'node:assert/strict';
import { madeCommitSchema } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { openTab } from '../console.js';
import { finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { World } from '../world.js';
import { editorFilesSteps } from './editor-files.steps.js';
import type { Step } from './step.js';

const BRANCH = 'editor/welcome';
const ASIDE = 'editor/aside';

export const editorSteps: readonly Step[] = [
  {
    title: 'edit a page and add one in the console, commit both to a new branch: git has them',
    run: commitToNewBranch,
  },
  { title: 'and its preview shows them', run: previewOfCommit },
  { title: 'somebody was faster: the conflict names the file, and no text is lost', run: conflict },
  { title: 'and who replaces theirs replaces what they were shown, nothing newer', run: replaceTheirs },
  {
    title: 'executable, binary and renamed files come by the API, built once although the server tells of them',
    run: odd,
  },
  ...editorFilesSteps,
  {
    title: 'sync the branch with main, and delete it with its pull request, in the console',
    run: syncAndDelete,
  },
];

export const editorAsOneselfSteps: readonly Step[] = [
  { title: 'who verified their identity commits as themselves', run: commitAsOneself },
];

/** git, after it asked the server. */
async function git({ clone }: World, ...args: string[]): Promise<string> {
  await clone.git('fetch', '--quiet', '--prune', 'origin');
  return clone.git(...args);
}

async function previewBranches(world: World, branchPreviews: object): Promise<void> {
  const answer = await world.api.send('PATCH', `/v1/projects/${world.known('projectId')}`, { branchPreviews });
  assert.equal(answer.status, 200, await answer.text());
}

async function commitByApi(world: World, body: object): Promise<Response> {
  return world.api.send('POST', `/v1/projects/${world.known('projectId')}/commits`, body);
}

async function typeInto({ page }: World, path: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name: `Text of ${path}` }).fill(text);
}

async function commitToNewBranch(world: World): Promise<void> {
  const { page } = world;
  await previewBranches(world, { mode: 'patterns', patterns: ['editor/*'] });
  await openTab(world, 'Content');
  await page.getByRole('link', { name: 'index.md' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await typeInto(world, 'index.md', '# Acme developer documentation\n\nEdited in the console.\n');
  await page.getByRole('button', { name: 'New file…' }).click();
  await page.getByRole('dialog', { name: 'New file' }).getByLabel('Path').fill('guides/welcome.md');
  await page.getByRole('button', { name: 'New file', exact: true }).click();
  await typeInto(world, 'guides/welcome.md', '# Welcome, Grüße\n');
  await page.getByRole('region', { name: 'Your changes' }).getByText('2 files').waitFor();
  await world.picture('editor');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Welcome people\n\nThey like it.');
  await page.getByRole('radio', { name: 'To a new branch' }).check();
  await page.getByLabel('Name of the branch').fill(BRANCH);
  await page.getByText('names you as co-author').waitFor();
  await world.picture('commit');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await page.getByText('Committed', { exact: true }).waitFor();

  const message = await git(world, 'log', '-1', '--format=%B', `origin/${BRANCH}`);
  assert.match(
    message,
    /^Welcome people\n\nThey like it\.\n\nCo-authored-by: Ada .*<.+@users\.noreply\.reunite\.invalid>$/,
  );
  const parents = await git(world, 'rev-parse', `origin/${BRANCH}^`, 'origin/main');
  assert.equal(new Set(parents.split('\n')).size, 1, 'it stands on main');
  const files = await git(world, 'diff', '--name-only', 'origin/main', `origin/${BRANCH}`);
  assert.equal(files, 'guides/welcome.md\nindex.md');
  assert.equal(await git(world, 'show', `origin/${BRANCH}:guides/welcome.md`), '# Welcome, Grüße');
}

async function previewOfCommit(world: World): Promise<void> {
  const head = await git(world, 'rev-parse', `origin/${BRANCH}`);
  const { state, url } = await finishedDeployment(world, head, 'preview');
  assert.equal(state, 'success');
  assert.match((await get(url ?? '')).body, /Edited in the console/);
  // The console went to the new branch by itself.
  await world.page.getByRole('link', { name: 'index.md' }).click();
  await world.page.getByText('Edited in the console.').waitFor();
}

/** What somebody else makes of the page meanwhile. */
async function pushTheirs({ clone }: World, text: string): Promise<string> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', BRANCH, `origin/${BRANCH}`);
  const theirs = await clone.push(BRANCH, 'index.md', `# Acme developer documentation\n\n${text}\n`);
  await clone.git('checkout', '--quiet', '-');
  return theirs;
}

async function conflict(world: World): Promise<void> {
  const { page } = world;
  const before = await git(world, 'rev-parse', `origin/${BRANCH}`);
  // The console learns of the new head, but not of the new text.
  const ofText = /\/content\?.*path=index\.md/;
  await page.route(ofText, (route) => route.abort());
  const theirs = await pushTheirs(world, 'Theirs.');
  await page.getByText('Could not refresh index.md').waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await typeInto(world, 'index.md', '# Acme developer documentation\n\nMine.\n');
  await page.unroute(ofText);
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Say mine');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  const named = page.getByRole('list', { name: 'Files that changed on the branch too' });
  await named.getByText('index.md').waitFor();
  await world.picture('commit-conflict');
  assert.equal(await git(world, 'rev-parse', `origin/${BRANCH}`), theirs, 'nothing was written');
  await page.getByRole('button', { name: 'Commit to a new branch' }).click();
  await page.getByLabel('Name of the branch').fill(ASIDE);
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await page.getByText('Committed', { exact: true }).waitFor();
  assert.equal(await git(world, 'rev-parse', `origin/${ASIDE}^`), before);
  assert.match(await git(world, 'show', `origin/${ASIDE}:index.md`), /Mine\./);
}

async function replaceTheirs(world: World): Promise<void> {
  const { page } = world;
  await page.getByLabel('Branch', { exact: true }).selectOption(BRANCH);
  await page.getByRole('link', { name: 'index.md' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await typeInto(world, 'index.md', '# Acme developer documentation\n\nMine.\n');
  await pushTheirs(world, 'Theirs, and better.');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Say mine');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  const replace = page.getByRole('button', { name: 'Replace theirs by mine' });
  await replace.waitFor();
  const newest = await pushTheirs(world, 'Theirs, and best.');
  await replace.click();
  await page.getByRole('alert').getByText(newest).waitFor();
  assert.equal(await git(world, 'rev-parse', `origin/${BRANCH}`), newest, 'nothing was written');
  await replace.click();
  await page.getByText('Committed', { exact: true }).waitFor();
  assert.equal(await git(world, 'rev-parse', `origin/${BRANCH}^`), newest);
  assert.match(await git(world, 'show', `origin/${BRANCH}:index.md`), /Mine\./);
}

async function pushesTold(world: World) {
  const deliveries = await world.api.deliveries(world.known('connectionId'));
  return deliveries.filter(({ event }) => event === 'push');
}

async function odd(world: World): Promise<void> {
  const expectedHead = await git(world, 'rev-parse', `origin/${ASIDE}`);
  const changes = [
    { action: 'write', path: 'tools/run.sh', content: 'true\n', executable: true },
    { action: 'write', path: 'logo.bin', content: Buffer.from([0xff, 0, 0x80]).toString('base64'), encoding: 'base64' },
    { action: 'rename', from: 'guides/welcome.md', path: 'guides/ä #1.md' },
  ];
  const toldBefore = await pushesTold(world);
  const commit = { branch: ASIDE, expectedHead, message: 'Add odd files', changes };
  const made = madeCommitSchema.parse(await (await commitByApi(world, commit)).json());
  assert.equal(made.commit, await git(world, 'rev-parse', `origin/${ASIDE}`));
  const listed = await git(world, '-c', 'core.quotePath=false', 'ls-tree', '-r', `origin/${ASIDE}`);
  assert.match(listed, /^100755 blob \w+\ttools\/run\.sh$/m);
  assert.match(listed, /^100644 blob \w+\tguides\/ä #1\.md$/m);
  assert.doesNotMatch(listed, /welcome\.md/);
  assert.equal(await git(world, 'cat-file', '-s', `origin/${ASIDE}:logo.bin`), '3');
  const stale = await commitByApi(world, commit);
  assert.equal(stale.status, 201, 'the same once more is the same commit');
  assert.equal(madeCommitSchema.parse(await stale.json()).commit, made.commit);

  await finishedDeployment(world, made.commit, 'preview');
  await eventually(
    async () => {
      const told = await pushesTold(world);
      return told.length > toldBefore.length && told.every(({ state }) => state === 'processed');
    },
    { what: 'the server has told of it' },
  );
  const built = (await world.api.deployments(world.known('projectId'))).filter((one) => one.commit === made.commit);
  assert.equal(built.length, 1, 'it is built once');
}

async function syncAndDelete(world: World): Promise<void> {
  const { page, api } = world;
  const project = `/v1/projects/${world.known('projectId')}`;
  await openTab(world, 'Branches');
  const row = page.getByRole('row', { name: new RegExp(`^${BRANCH}`) });
  await row.getByRole('button', { name: 'Sync with main' }).click();
  await row.getByText(/Up to date|is merged in/).waitFor();
  await world.picture('branches');
  await deleteWithPullRequest(world);
  await row.waitFor({ state: 'detached' });
  const heads = await git(world, 'ls-remote', '--heads', 'origin');
  assert.ok(heads.includes(`refs/heads/${ASIDE}`) && !heads.includes(`refs/heads/${BRANCH}`), heads);
  assert.equal((await api.send('DELETE', `${project}/branches?name=main`)).status, 403, 'main stays');
  assert.equal((await api.send('DELETE', `${project}/branches?name=${ASIDE}`)).status, 204);
  await previewBranches(world, { mode: 'none' });
  await openTab(world, 'Content');
}

async function deleteWithPullRequest(world: World): Promise<void> {
  const { page, api, simulator } = world;
  const number = await simulator.openPullRequest('acme/docs', BRANCH, 'Welcome');
  await eventually(
    async () => {
      const known = await api.get(
        `/v1/projects/${world.known('projectId')}/pull-requests?state=open&search=%23${number}`,
      );
      return (await known.text()).includes('"Welcome"');
    },
    { what: 'the pull request is known' },
  );
  const closes = page.getByRole('checkbox', { name: 'Close the pull requests from it and into it' });
  const remove = page.getByRole('button', { name: `Delete ${BRANCH}`, exact: true });
  await page.getByRole('button', { name: `Delete ${BRANCH}…` }).click();
  assert.equal(await closes.count(), 0, 'nothing is known of pull requests yet');
  await remove.click();
  await page.getByRole('alert').getByText(`#${number} "Welcome"`).waitFor();
  await closes.check();
  await world.picture('delete-branch');
  await remove.click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

async function commitAsOneself(world: World): Promise<void> {
  const expectedHead = await git(world, 'rev-parse', 'origin/main');
  const changes = [{ action: 'write', path: 'own.md', content: '# Own\n' }];
  const commit = { branch: 'editor/own', newBranch: true, expectedHead, message: 'Write it oneself', changes };
  const made = madeCommitSchema.parse(await (await commitByApi(world, commit)).json());
  assert.equal(made.author, 'octocat');
  const said = await git(world, 'log', '-1', '--format=%an: %B', 'origin/editor/own');
  assert.match(said, /Octocat: Write it oneself$/);
  const removed = `/v1/projects/${world.known('projectId')}/branches?name=editor/own`;
  assert.equal((await world.api.send('DELETE', removed)).status, 204);
}
