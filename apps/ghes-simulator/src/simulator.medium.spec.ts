import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Browser } from '../test/browser.js';
import { Receiver } from '../test/receiver.js';
import { jwt, octocat, TestSimulator } from '../test/test-simulator.js';

describe('the simulator', () => {
  let server: TestSimulator;

  beforeAll(async () => {
    server = await TestSimulator.start();
  });

  afterAll(() => server.stop());

  const head = async () => (await server.api('GET', '/repos/acme/docs/git/ref/heads/main')).body.object.sha;

  it('combines the statuses of a commit', async () => {
    const sha = await head();
    const post = (body: object) => server.api('POST', `/repos/acme/docs/statuses/${sha}`, octocat, body);
    const context = 'docs/build';
    await post({ state: 'pending', context });
    await expect(
      post({ state: 'success', context, target_url: 'https://preview.example', description: 'Built' }),
    ).resolves.toMatchObject({
      status: 201,
      body: { state: 'success', target_url: 'https://preview.example', creator: { login: 'octocat' } },
    });
    await expect(post({ state: 'success', description: 'x'.repeat(141) })).resolves.toMatchObject({ status: 422 });
    const statuses = await server.api('GET', '/repos/acme/docs/commits/heads%2Fmain/statuses');
    expect(statuses.body).toMatchObject([{ state: 'success' }, { state: 'pending' }]);
    await expect(server.api('GET', '/repos/acme/docs/commits/main/status')).resolves.toMatchObject({
      body: { state: 'success', total_count: 1, sha },
    });
    const none = await server.api('POST', `/repos/acme/docs/statuses/${'1'.repeat(40)}`, octocat, { state: 'success' });
    expect(none.status).toBe(422);
  });

  it('returns Git objects unchanged', async () => {
    const commit = await server.api('GET', `/repos/acme/docs/git/commits/${await head()}`);
    const tree = await server.api('GET', `/repos/acme/docs/git/trees/${commit.body.tree.sha}?recursive=1`);
    expect(tree.body.truncated).toBe(false);
    const page = tree.body.tree.find(({ path }) => path === 'guides/getting-started.md')!;
    const blob = await server.api('GET', `/repos/acme/docs/git/blobs/${page.sha}`);
    const text = Buffer.from(blob.body.content, 'base64').toString('utf8');
    expect(text).toContain('# Get started');
    expect(blob.body.size).toBe(page.size);
  });

  it('paginates with links, answers 304 for unchanged content, and has no rate limit', async () => {
    const first = await server.api('GET', '/orgs/acme/repos?per_page=1');
    expect(first.body).toHaveLength(1);
    expect(first.headers.get('link')).toBe(
      `<${server.url}/api/v3/orgs/acme/repos?per_page=1&page=2>; rel="next", ` +
        `<${server.url}/api/v3/orgs/acme/repos?per_page=1&page=2>; rel="last"`,
    );
    expect(first.headers.get('x-github-enterprise-version')).toBe('3.19.0');
    expect(first.headers.get('x-ratelimit-remaining')).toBeNull();
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(`${server.url}/api/v3/orgs/acme/repos?per_page=1`, { headers })).status).toBe(304);
    await expect(server.api('GET', '/rate_limit')).resolves.toMatchObject({
      status: 404,
      body: { message: 'Rate limiting is not enabled.' },
    });
  });

  it('shows every page, with all repository content escaped', async () => {
    const clone = await server.clone('acme/docs');
    await server.commit(clone, '<b>x.md', '<script>alert(1)</script>');
    await server.git(clone, 'push', '--quiet', 'origin', 'HEAD:main', 'HEAD~:refs/heads/old/branch');
    const browser = new Browser(server.url);
    await browser.signIn('octocat');
    const paths = ['/', '/acme', '/acme/docs', '/acme/docs/tree/old/branch/guides', '/acme/docs/blob/main/%3Cb%3Ex.md'];
    const more = ['/acme/docs/branches', '/acme/docs/commits/main', '/acme/docs/commit/main', '/acme/docs/pulls'];
    const settings = [
      '/acme/docs/pulls/new',
      '/organizations/acme/settings/apps',
      '/settings/installations',
      '/acme/empty',
    ];
    for (const path of [...paths, ...more, ...settings]) {
      const page = await browser.open(path);
      const text = await page.text();
      expect([path, page.status]).toEqual([path, 200]);
      expect(text).not.toMatch(/<script|<b>x/);
    }
    expect((await browser.open('/acme/docs/blob/main/../../../x')).status).toBe(404);
    expect((await browser.open('/globex/handbook')).status).toBe(404);
    const picture = await browser.open('/acme/docs/raw/main/guides/images/shipment-flow.png');
    expect(picture.headers.get('content-type')).toBe('image/png');
  });

  it('injects faults by route and count', async () => {
    const body = { route: 'GET /api/v3/orgs/*', count: 1, status: 503, headers: { 'retry-after': '7' } };
    await server.control('/faults', body);
    await server.control('/faults', { route: 'GET /api/v3/meta', close: true });
    await expect(server.api('GET', '/meta')).rejects.toThrow();
    const failed = await server.api('GET', '/orgs/acme');
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '7']);
    await expect(server.api('GET', '/orgs/acme')).resolves.toMatchObject({ status: 200 });
  });

  it('loses and duplicates deliveries on demand', async () => {
    const receiver = await Receiver.start();
    const app = await server.createApp({ hook_attributes: { url: receiver.url } });
    await server.settle();
    receiver.clear();
    await server.control('/delivery-faults', { kind: 'drop', event: 'installation' });
    const id = await server.install(app.slug);
    await server.settle();
    expect(receiver.received).toHaveLength(0);
    const failures = await server.api('GET', '/app/hook/deliveries?status=failure', await jwt(app));
    expect(failures.body).toMatchObject([{ event: 'installation', status: 'failed to connect to host' }]);
    await server.control('/delivery-faults', { kind: 'duplicate' });
    await server.control(`/installations/${id}/suspend`);
    await server.settle();
    expect(new Set(receiver.received.map(({ headers }) => headers['x-github-delivery'])).size).toBe(1);
    expect(receiver.names()).toEqual(['installation.suspend', 'installation.suspend']);
    await receiver.stop();
  });

  it('has the same commits and ids as any other new server', async () => {
    const other = await TestSimulator.start();
    const [mine, theirs] = [await server.api('GET', '/repos/acme/empty'), await other.api('GET', '/repos/acme/empty')];
    expect(theirs.body.id).toBe(mine.body.id);
    const seeded = await server.api('GET', '/repos/acme/docs/git/commits/' + (await head()));
    const first = seeded.body.parents[0]?.sha ?? seeded.body.sha;
    await expect(other.api('GET', '/repos/acme/docs/git/ref/heads/main')).resolves.toMatchObject({
      body: { object: { sha: first } },
    });
    await other.stop();
  });

  it('continues with its data after a restart', async () => {
    const app = await server.createApp({ name: 'Survivor' });
    const installation = await server.install(app.slug);
    const token = await server.token(app, installation);
    const before = [await head(), (await server.api('GET', '/app', await jwt(app))).body.created_at];
    await server.restart();
    await expect(server.api('GET', '/installation/repositories', token)).resolves.toMatchObject({ status: 200 });
    const after = (await server.api('GET', '/app', await jwt(app))).body;
    expect([await head(), after.created_at]).toEqual(before);
  });

  it('copies a local repository', async () => {
    const source = join(server.folder, 'handbook');
    await mkdir(source);
    await server.git(source, 'init', '--quiet', '--initial-branch=master');
    const sha = await server.commit(source, 'a.md', '# A');
    const other = await TestSimulator.start({ seedRepository: source });
    await expect(other.api('GET', '/repos/acme/handbook/branches/master')).resolves.toMatchObject({
      body: { commit: { sha } },
    });
    await expect(other.api('GET', '/repos/acme/handbook')).resolves.toMatchObject({
      body: { default_branch: 'master' },
    });
    await other.restart();
    await other.stop();
  });

  it('reports that Git is missing or that a seed is not a repository', async () => {
    await expect(TestSimulator.start({ gitBinary: 'no-such-git' })).rejects.toThrow(/needs git.*no-such-git/);
    await expect(TestSimulator.start({ seedRepository: '/nowhere' })).rejects.toThrow(/\/nowhere.*not a folder/);
  });

  it('requires credentials in private mode', async () => {
    const other = await TestSimulator.start({ privateMode: true });
    await expect(other.api('GET', '/repos/acme/docs')).resolves.toMatchObject({ status: 401 });
    await expect(other.api('GET', '/repos/acme/docs', octocat)).resolves.toMatchObject({ status: 200 });
    await expect(other.git(other.folder, 'clone', `${other.url}/acme/docs.git`)).rejects.toThrow();
    await other.stop();
  });
});
