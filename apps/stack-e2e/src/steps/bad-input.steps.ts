import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@reunite/testing';
import { openTab, untilRow } from '../console.js';
import { finishedDeployment } from '../deployments.js';
import { get, rawRequest } from '../http-request.js';
import type { World } from '../world.js';
import type { Step } from './step.js';

const MEGABYTE = 1024 * 1024;

/** Paths below a host that would lead out of its folder if they were followed; they go out byte for byte. */
const ESCAPES = [
  '/../../../../etc/passwd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/guides/..%5c..%5cetc%5cpasswd',
  '/%00/../etc/passwd',
  '//etc/passwd',
];

export const badInputSteps: readonly Step[] = [
  { title: 'a push to a repository that nobody connected is noted, and nothing else happens', run: pushUnconnected },
  { title: 'a webhook with a wrong signature, or for nobody, is refused', run: wrongWebhooks },
  { title: 'a page of 5 MB fails with its name and the limit; the site of before stays', run: hugePage },
  { title: 'a link that leads out of the repository is shown as a link and never followed', run: symlinkOut },
  { title: 'a commit whose tree names ".." is refused whole, and the console says so', run: evilTree },
  { title: 'requests that try to leave the root get nothing', run: traversal },
  { title: 'and the stack goes on: the next push is deployed', run: goesOn },
];

async function pushUnconnected(world: World): Promise<void> {
  await world.simulator.createRepository('acme', 'elsewhere');
  const clone = await world.cloneOf('acme/elsewhere');
  const before = await world.api.deployments(world.known('projectId'));
  await clone.push('main', 'index.md', '# Elsewhere\n');
  const delivery = await eventually(
    async () => {
      const all = await world.api.deliveries(world.known('connectionId'));
      return all.find(({ event, outcome }) => event === 'push' && outcome?.includes('No project is connected'));
    },
    { what: 'the push is noted' },
  );
  assert.equal(delivery.state, 'processed');
  const after = await world.api.deployments(world.known('projectId'));
  assert.equal(after.length, before.length);
}

async function wrongWebhooks(world: World): Promise<void> {
  const post = async (connection: string, signature: string) => {
    const answer = await fetch(`${world.stack.urls.ingest}/webhooks/github/${connection}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': crypto.randomUUID(),
        'x-hub-signature-256': `sha256=${signature}`,
      },
      body: '{"zen":"made up"}',
    });
    return answer.status;
  };
  const before = await world.api.deliveries(world.known('connectionId'));
  const [app] = await world.simulator.apps();
  const ours = new URL(app?.hook.url ?? '').pathname.split('/').at(-1) ?? '';
  assert.equal(await post(ours, '0'.repeat(64)), 401);
  assert.equal(await post(ours, 'not hexadecimal'), 401);
  assert.equal(await post('con_00000000000000000000000000', '0'.repeat(64)), 404);
  const after = await world.api.deliveries(world.known('connectionId'));
  assert.equal(after.length, before.length, 'none of them is in the inbox');
}

async function hugePage(world: World): Promise<void> {
  const { clone, page } = world;
  await onMain(world);
  const line = 'A line of a page that is far too long to be read by anybody.\n';
  const head = await clone.push('main', 'huge.md', `# Huge\n\n${line.repeat((5 * MEGABYTE) / line.length)}`);
  const { state, reason } = await finishedDeployment(world, head, 'production');
  assert.equal(state, 'failed');
  assert.match(reason ?? '', /huge\.md/);
  assert.match(reason ?? '', /limit of 2 MB/);
  await openTab(world, 'Deployments');
  await untilRow(page, 'Deployments', new RegExp(`Failed.*Production.*${head.slice(0, 7)}.*huge\\.md`));
  const site = await get(world.known('productionUrl'));
  assert.match(site.body, /overnight/, 'production is as before');
}

async function symlinkOut(world: World): Promise<void> {
  const { clone } = world;
  await clone.git('rm', '--quiet', 'huge.md');
  await symlink('../../../../../../../../etc/passwd', join(clone.directory, 'secrets.md'));
  const head = await clone.push('main', 'guides/note.md', '# A note\n');
  const { state } = await finishedDeployment(world, head, 'production');
  assert.equal(state, 'success');
  const content = await world.api.get(`/v1/projects/${world.known('projectId')}/content?path=secrets.md`);
  assert.match(await content.text(), /"kind":"symlink"/);
  for (const path of ['secrets/', 'secrets.md', 'secrets.html']) {
    const answer = await get(new URL(path, world.known('productionUrl')).href);
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(answer.body, /root:/);
  }
}

/** git itself refuses to check such a tree out, but carries it: `mktree` makes one. */
async function evilTree(world: World): Promise<void> {
  const { clone, page } = world;
  const blob = await clone.git('rev-parse', 'HEAD:index.md');
  const folder = await clone.mktree(`100644 blob ${blob}\tindex.md\n`);
  const tree = await clone.mktree(`040000 tree ${folder}\t..\n100644 blob ${blob}\tindex.md\n`);
  const good = await clone.head();
  const commit = await clone.git('commit-tree', tree, '-p', good, '-m', 'Leave the root');
  await clone.git('push', '--quiet', 'origin', `${commit}:refs/heads/main`);
  const { sync } = await eventually(
    async () => {
      const project = await world.api.project(world.known('projectId'));
      return project.sync.state === 'failed' && project;
    },
    { what: 'the sync fails' },
  );
  assert.match(sync.error ?? '', /"\.\."/);
  assert.equal(sync.commit, good, 'the last whole content stays');
  await page.getByText('The content could not be synced').waitFor();
  await clone.git('push', '--quiet', '--force', 'origin', `${good}:refs/heads/main`);
}

async function traversal(world: World): Promise<void> {
  const production = world.known('productionUrl');
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
    const answer = await world.api.get(`/v1/projects/${world.known('projectId')}/content?${query}`);
    assert.ok([400, 404, 422].includes(answer.status), `the API answers ${answer.status} to ${path}`);
    assert.match(answer.headers.get('content-type') ?? '', /problem\+json/);
  }
}

async function goesOn(world: World): Promise<void> {
  const head = await world.clone.push('main', 'changelog.md', '# Changelog\n\nEverything still works.\n');
  const { state } = await finishedDeployment(world, head, 'production');
  assert.equal(state, 'success');
  const page = await eventually(
    async () => {
      const answer = await get(new URL('changelog/', world.known('productionUrl')).href);
      return answer.body.includes('Everything still works.') && answer;
    },
    { what: 'production shows it' },
  );
  assert.equal(page.status, 200);
  world.know({ head });
}

async function onMain({ clone }: World): Promise<void> {
  await clone.git('fetch', '--quiet', 'origin');
  await clone.git('checkout', '--quiet', '-B', 'main', 'origin/main');
}
