import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { openTab } from '../console.js';
import { finishedDeployment } from '../deployments.js';
import { get, rawRequest } from '../http-request.js';
import type { TestStack } from '../test-stack.js';
import type { Step } from './step.js';

const MEGABYTE = 1024 * 1024;

/** Paths that would leave the site's folder if they were resolved; sent unchanged. */
const ESCAPES = [
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/guides/..%5c..%5cetc%5cpasswd',
  '/%00/../etc/passwd',
  '//etc/passwd',
];

export const badInputSteps: readonly Step[] = [
  { title: 'a push to a repository without project is recorded and ignored', run: pushUnconnected },
  { title: 'a webhook with a wrong signature or for an unknown connection is rejected', run: wrongWebhooks },
  { title: 'a page of 5 MB is left out of the site, and the build log has its name and the limit', run: hugePage },
  { title: 'a symbolic link out of the repository is shown as a link and never followed', run: symlinkOut },
  { title: 'a commit with the path ".." is rejected, and the console shows the error', run: evilTree },
  { title: 'path traversal requests are rejected', run: traversal },
  { title: 'the next valid push is deployed', run: goesOn },
];

async function pushUnconnected(stack: TestStack): Promise<void> {
  await stack.simulator.createRepository('acme', 'elsewhere');
  const clone = await stack.cloneOf('acme/elsewhere');
  const before = await stack.api.deployments(stack.fact('projectId'));
  await clone.push('main', 'index.md', '# Elsewhere\n');
  const delivery = await eventually(
    async () => {
      const all = await stack.api.deliveries(stack.fact('connectionId'));
      return all.find(({ event, outcome }) => event === 'push' && outcome?.includes('No project is connected'));
    },
    { what: 'the delivery is listed' },
  );
  assert.equal(delivery.state, 'processed');
  const after = await stack.api.deployments(stack.fact('projectId'));
  assert.equal(after.length, before.length);
}

async function wrongWebhooks(stack: TestStack): Promise<void> {
  const post = async (connection: string, signature: string) => {
    const answer = await fetch(`${stack.ingestUrl}/webhooks/github/${connection}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': crypto.randomUUID(),
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body: '{"zen":"forged"}',
    });
    return answer.status;
  };
  const before = await stack.api.deliveries(stack.fact('connectionId'));
  const [app] = await stack.simulator.apps();
  const ours = new URL(app?.hook.url ?? '').pathname.split('/').at(-1) ?? '';
  assert.equal(await post(ours, '0'.repeat(64)), 401);
  assert.equal(await post(ours, 'not hexadecimal'), 401);
  assert.equal(await post('con_00000000000000000000000000', '0'.repeat(64)), 404);
  const after = await stack.api.deliveries(stack.fact('connectionId'));
  assert.equal(after.length, before.length, 'none of them is stored');
}

async function hugePage(stack: TestStack): Promise<void> {
  const { clone, page } = stack;
  await onMain(stack);
  const line = 'A line of a page that is too large.\n';
  const head = await clone.push('main', 'huge.md', `# Huge\n\n${line.repeat((5 * MEGABYTE) / line.length)}`);
  const { state } = await finishedDeployment(stack, head, 'production');
  assert.equal(state, 'failed', 'a page that cannot be built keeps the build from production');
  await openTab(stack, 'Deployments');
  const row = `Failed: deployment of main at ${head.slice(0, 7)}`;
  await page.getByRole('link', { name: row }).click();
  const log = page.getByRole('log', { name: 'Build log' });
  await eventually(async () => /huge\.md.*limit of 2 MB/.test(await log.innerText()), {
    what: 'the build log names it',
  });
  await page.getByRole('link', { name: 'Deployments' }).click();
  const production = stack.fact('productionUrl');
  assert.equal((await get(new URL('huge/', production).href)).status, 404);
  assert.match((await get(production)).body, /overnight/, 'the previous production stays');
}

async function symlinkOut(stack: TestStack): Promise<void> {
  const { clone } = stack;
  await clone.git('rm', '--quiet', 'huge.md');
  await symlink('../../../../../../../../etc/passwd', join(clone.directory, 'secrets.md'));
  const head = await clone.push('main', 'guides/note.md', '# A note\n');
  const { state } = await finishedDeployment(stack, head, 'production');
  assert.equal(state, 'success');
  const content = await stack.api.get(`/v1/projects/${stack.fact('projectId')}/content?path=secrets.md`);
  assert.match(await content.text(), /"kind":"symlink"/);
  for (const path of ['secrets/', 'secrets.md', 'secrets.html']) {
    const answer = await get(new URL(path, stack.fact('productionUrl')).href);
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(answer.body, /root:/);
  }
}

/** Git rejects such a tree on checkout, but stores and transfers it: `mktree` creates it. */
async function evilTree(stack: TestStack): Promise<void> {
  const { clone, page } = stack;
  const blob = await clone.git('rev-parse', 'HEAD:index.md');
  const folder = await clone.mktree(`100644 blob ${blob}\tindex.md\n`);
  const tree = await clone.mktree(`040000 tree ${folder}\t..\n100644 blob ${blob}\tindex.md\n`);
  const good = await clone.head();
  const commit = await clone.git('commit-tree', tree, '-p', good, '-m', 'Leave the root');
  await clone.git('push', '--quiet', 'origin', `${commit}:refs/heads/main`);
  const { sync } = await eventually(
    async () => {
      const project = await stack.api.project(stack.fact('projectId'));
      return project.sync.state === 'failed' && project;
    },
    { what: 'the sync fails' },
  );
  assert.match(sync.error ?? '', /"\.\."/);
  assert.equal(sync.commit, good, 'the last complete content stays');
  await page.getByText('The content could not be synced').waitFor();
  await clone.git('push', '--quiet', '--force', 'origin', `${good}:refs/heads/main`);
}

async function traversal(stack: TestStack): Promise<void> {
  const production = stack.fact('productionUrl');
  for (const path of ESCAPES) {
    const answer = await rawRequest(production, path);
    assert.ok([400, 404].includes(answer.status), `the preview host answers ${answer.status} to ${path}`);
    assert.doesNotMatch(answer.body, /root:/);
  }
  for (const host of ['dep-../../x', '..', 'prj-00000000000000000000000000', 'localhost']) {
    const { port } = new URL(production);
    const answer = await rawRequest(production, '/', { host: `${host}.preview.localhost:${port}` });
    assert.ok([400, 404].includes(answer.status), `the preview host answers ${answer.status} to the host ${host}`);
  }
  for (const path of ['../../../etc/passwd', '/etc/passwd', 'guides/../../x', '.git/config', '..%00']) {
    const query = `path=${encodeURIComponent(path)}`;
    const answer = await stack.api.get(`/v1/projects/${stack.fact('projectId')}/content?${query}`);
    assert.ok([400, 404, 422].includes(answer.status), `the API answers ${answer.status} to ${path}`);
    assert.match(answer.headers.get('content-type') ?? '', /problem\+json/);
  }
}

async function goesOn(stack: TestStack): Promise<void> {
  const head = await stack.clone.push('main', 'changelog.md', '# Changelog\n\nEverything still works.\n');
  const { state } = await finishedDeployment(stack, head, 'production');
  assert.equal(state, 'success');
  const page = await eventually(
    async () => {
      const answer = await get(new URL('changelog/', stack.fact('productionUrl')).href);
      return answer.body.includes('Everything still works.') && answer;
    },
    { what: 'production shows the page' },
  );
  assert.equal(page.status, 200);
  stack.remember({ head });
}

async function onMain({ clone }: TestStack): Promise<void> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', 'main', 'origin/main');
}
