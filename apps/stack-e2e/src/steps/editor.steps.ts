import assert from 'node:assert/strict';
import { madeCommitSchema } from '@reunite/contracts';
import { eventually } from '@reunite/testing';
import { chooseOption, openTab, renderedPage, replaceText } from '../console.js';
import { finishedDeployment } from '../deployments.js';
import { get } from '../http-request.js';
import type { TestStack } from '../test-stack.js';
import { editorFilesSteps } from './editor-files.steps.js';
import type { Step } from './step.js';

const BRANCH = 'editor/welcome';
const ASIDE = 'editor/aside';

export const editorSteps: readonly Step[] = [
  {
    title: 'edit a page and add one in the console, commit both to a new branch: Git contains them',
    run: commitToNewBranch,
  },
  { title: 'the preview of the branch shows both pages', run: previewOfCommit },
  { title: 'commit after a concurrent push: the conflict names the file, and no text is lost', run: conflict },
  { title: 'replace the concurrent change: only the version that was shown is replaced', run: replaceTheirs },
  {
    title: 'commit executable, binary and renamed files over the API: they are built once',
    run: commitSpecialFiles,
  },
  ...editorFilesSteps,
  {
    title: 'sync the branch with main, and delete it with its pull request, in the console',
    run: syncAndDelete,
  },
];

export const editorAsUserSteps: readonly Step[] = [
  { title: 'a user with a verified identity is the author of commits', run: commitAsUser },
];

/** Runs Git in the clone after a fetch. */
async function git({ clone }: TestStack, ...args: string[]): Promise<string> {
  await clone.git('fetch', '--quiet', '--prune', 'origin');
  return clone.git(...args);
}

async function previewBranches(stack: TestStack, branchPreviews: object): Promise<void> {
  const answer = await stack.api.send('PATCH', `/v1/projects/${stack.fact('projectId')}`, { branchPreviews });
  assert.equal(answer.status, 200, await answer.text());
}

async function commitByApi(stack: TestStack, body: object): Promise<Response> {
  return stack.api.send('POST', `/v1/projects/${stack.fact('projectId')}/commits`, body);
}

async function commitToNewBranch(stack: TestStack): Promise<void> {
  const { page } = stack;
  await previewBranches(stack, { mode: 'patterns', patterns: ['editor/*'] });
  await openTab(stack, 'Content');
  await page.getByRole('link', { name: 'index.md' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await replaceText(stack, 'index.md', '# Acme developer documentation\n\nEdited in the console.\n');
  await page.getByRole('button', { name: 'New file…' }).click();
  await page.getByRole('dialog', { name: 'New file' }).getByLabel('Path').fill('guides/welcome.md');
  await page.getByRole('button', { name: 'New file', exact: true }).click();
  await replaceText(stack, 'guides/welcome.md', '# Welcome, Grüße\n');
  await page.getByRole('region', { name: 'Your changes' }).getByText('2 files').waitFor();
  await stack.screenshot('editor');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Welcome users\n\nThey like it.');
  await page.getByText('main is the production branch and changes by pull request only').waitFor();
  assert.ok(await page.getByRole('radio', { name: 'To main' }).isDisabled(), 'a commit to main is not offered');
  assert.ok(await page.getByRole('radio', { name: 'To a new branch' }).isChecked(), 'a new branch is preselected');
  await page.getByLabel('Branch name').fill(BRANCH);
  await page.getByText('you are the co-author').waitFor();
  await stack.screenshot('commit');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await page.getByText('Committed', { exact: true }).waitFor();

  const message = await git(stack, 'log', '-1', '--format=%B', `origin/${BRANCH}`);
  assert.match(
    message,
    /^Welcome users\n\nThey like it\.\n\nCo-authored-by: Ada [^<]*<[^@]+@users\.noreply\.reunite\.invalid>$/,
  );
  const parents = await git(stack, 'rev-parse', `origin/${BRANCH}^`, 'origin/main');
  assert.equal(new Set(parents.split('\n')).size, 1, 'the branch starts at main');
  const files = await git(stack, 'diff', '--name-only', 'origin/main', `origin/${BRANCH}`);
  assert.equal(files, 'guides/welcome.md\nindex.md');
  assert.equal(await git(stack, 'show', `origin/${BRANCH}:guides/welcome.md`), '# Welcome, Grüße');
}

async function previewOfCommit(stack: TestStack): Promise<void> {
  const head = await git(stack, 'rev-parse', `origin/${BRANCH}`);
  const { state, url } = await finishedDeployment(stack, head, 'preview');
  assert.equal(state, 'success');
  assert.match((await get(url ?? '')).body, /Edited in the console/);
  // The console has switched to the new branch.
  await stack.page.getByRole('link', { name: 'index.md' }).click();
  await renderedPage(stack, 'index.md').getByText('Edited in the console.').waitFor();
}

/** Pushes a concurrent change of the page. */
async function pushConcurrently({ clone }: TestStack, text: string): Promise<string> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', BRANCH, `origin/${BRANCH}`);
  const theirs = await clone.push(BRANCH, 'index.md', `# Acme developer documentation\n\n${text}\n`);
  await clone.git('checkout', '--quiet', '-');
  return theirs;
}

async function conflict(stack: TestStack): Promise<void> {
  const { page } = stack;
  const before = await git(stack, 'rev-parse', `origin/${BRANCH}`);
  // The console receives the new head, but not the new text.
  const ofText = /\/content\?.*path=index\.md/;
  await page.route(ofText, (route) => route.abort());
  const theirs = await pushConcurrently(stack, 'Another change.');
  await page.getByText('Could not refresh index.md').waitFor();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await replaceText(stack, 'index.md', '# Acme developer documentation\n\nMine.\n');
  await page.unroute(ofText);
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Change the text');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  const named = page.getByRole('list', { name: 'Files that also changed on the branch' });
  await named.getByText('index.md').waitFor();
  await stack.screenshot('commit-conflict');
  assert.equal(await git(stack, 'rev-parse', `origin/${BRANCH}`), theirs, 'nothing was written');
  await page.getByRole('button', { name: 'Commit to a new branch' }).click();
  await page.getByLabel('Branch name').fill(ASIDE);
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  await page.getByText('Committed', { exact: true }).waitFor();
  assert.equal(await git(stack, 'rev-parse', `origin/${ASIDE}^`), before);
  assert.match(await git(stack, 'show', `origin/${ASIDE}:index.md`), /Mine\./);
}

async function replaceTheirs(stack: TestStack): Promise<void> {
  const { page } = stack;
  await chooseOption(stack, 'Branch', BRANCH);
  await page.getByRole('link', { name: 'index.md' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await replaceText(stack, 'index.md', '# Acme developer documentation\n\nMine.\n');
  await pushConcurrently(stack, 'A better change.');
  await page.getByRole('button', { name: 'Commit…' }).click();
  await page.getByLabel('Message').fill('Change the text');
  await page.getByRole('button', { name: 'Commit', exact: true }).click();
  const replace = page.getByRole('button', { name: 'Overwrite with my changes' });
  await replace.waitFor();
  const newest = await pushConcurrently(stack, 'The best change.');
  await replace.click();
  await page.getByRole('alert').getByText(newest).waitFor();
  assert.equal(await git(stack, 'rev-parse', `origin/${BRANCH}`), newest, 'nothing was written');
  await replace.click();
  await page.getByText('Committed', { exact: true }).waitFor();
  assert.equal(await git(stack, 'rev-parse', `origin/${BRANCH}^`), newest);
  assert.match(await git(stack, 'show', `origin/${BRANCH}:index.md`), /Mine\./);
}

async function pushDeliveries(stack: TestStack) {
  const deliveries = await stack.api.deliveries(stack.fact('connectionId'));
  return deliveries.filter(({ event }) => event === 'push');
}

async function commitSpecialFiles(stack: TestStack): Promise<void> {
  const expectedHead = await git(stack, 'rev-parse', `origin/${ASIDE}`);
  const changes = [
    { action: 'write', path: 'tools/run.sh', content: 'true\n', executable: true },
    { action: 'write', path: 'logo.bin', content: Buffer.from([0xff, 0, 0x80]).toString('base64'), encoding: 'base64' },
    { action: 'rename', from: 'guides/welcome.md', path: 'guides/ä #1.md' },
  ];
  const deliveriesBefore = await pushDeliveries(stack);
  const commit = { branch: ASIDE, expectedHead, message: 'Add special files', changes };
  const made = madeCommitSchema.parse(await (await commitByApi(stack, commit)).json());
  assert.equal(made.commit, await git(stack, 'rev-parse', `origin/${ASIDE}`));
  const listed = await git(stack, '-c', 'core.quotePath=false', 'ls-tree', '-r', `origin/${ASIDE}`);
  assert.match(listed, /^100755 blob \w+\ttools\/run\.sh$/m);
  assert.match(listed, /^100644 blob \w+\tguides\/ä #1\.md$/m);
  assert.doesNotMatch(listed, /welcome\.md/);
  assert.equal(await git(stack, 'cat-file', '-s', `origin/${ASIDE}:logo.bin`), '3');
  const stale = await commitByApi(stack, commit);
  assert.equal(stale.status, 201, 'the same request again returns the same commit');
  assert.equal(madeCommitSchema.parse(await stale.json()).commit, made.commit);

  await finishedDeployment(stack, made.commit, 'preview');
  await eventually(
    async () => {
      const deliveries = await pushDeliveries(stack);
      return deliveries.length > deliveriesBefore.length && deliveries.every(({ state }) => state === 'processed');
    },
    { what: 'the webhooks of the push are processed' },
  );
  const built = (await stack.api.deployments(stack.fact('projectId'))).filter((one) => one.commit === made.commit);
  assert.equal(built.length, 1, 'the commit is built once');
}

async function syncAndDelete(stack: TestStack): Promise<void> {
  const { page, api } = stack;
  const project = `/v1/projects/${stack.fact('projectId')}`;
  await openTab(stack, 'Branches');
  const row = page.getByRole('row', { name: new RegExp(`^${BRANCH}`) });
  await row.getByRole('button', { name: 'Sync with main' }).click();
  await row.getByText(/Up to date|is merged/).waitFor();
  await stack.screenshot('branches');
  await deleteWithPullRequest(stack);
  await row.waitFor({ state: 'detached' });
  const heads = await git(stack, 'ls-remote', '--heads', 'origin');
  assert.ok(heads.includes(`refs/heads/${ASIDE}`) && !heads.includes(`refs/heads/${BRANCH}`), heads);
  assert.equal((await api.send('DELETE', `${project}/branches?name=main`)).status, 403, 'main stays');
  assert.equal((await api.send('DELETE', `${project}/branches?name=${ASIDE}`)).status, 204);
  await previewBranches(stack, { mode: 'none' });
  await openTab(stack, 'Content');
}

async function deleteWithPullRequest(stack: TestStack): Promise<void> {
  const { page, api, simulator } = stack;
  const number = await simulator.openPullRequest('acme/docs', BRANCH, 'Welcome');
  await eventually(
    async () => {
      const listed = await api.get(
        `/v1/projects/${stack.fact('projectId')}/pull-requests?state=open&search=%23${number}`,
      );
      return (await listed.text()).includes('"Welcome"');
    },
    { what: 'the pull request is listed' },
  );
  const closes = page.getByRole('checkbox', { name: 'Close pull requests from and into this branch' });
  const remove = page.getByRole('button', { name: `Delete ${BRANCH}`, exact: true });
  await page.getByRole('button', { name: `Delete ${BRANCH}…` }).click();
  assert.equal(await closes.count(), 0, 'the dialog does not mention pull requests yet');
  await remove.click();
  await page.getByRole('alert').getByText(`#${number} "Welcome"`).waitFor();
  await closes.check();
  await stack.screenshot('delete-branch');
  await remove.click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

async function commitAsUser(stack: TestStack): Promise<void> {
  const expectedHead = await git(stack, 'rev-parse', 'origin/main');
  const changes = [{ action: 'write', path: 'own.md', content: '# Own\n' }];
  const commit = { branch: 'editor/own', newBranch: true, expectedHead, message: 'Write it as myself', changes };
  const made = madeCommitSchema.parse(await (await commitByApi(stack, commit)).json());
  assert.equal(made.author, 'octocat');
  const message = await git(stack, 'log', '-1', '--format=%an: %B', 'origin/editor/own');
  assert.match(message, /Octocat: Write it as myself$/);
  const removed = `/v1/projects/${stack.fact('projectId')}/branches?name=editor/own`;
  assert.equal((await stack.api.send('DELETE', removed)).status, 204);
}
