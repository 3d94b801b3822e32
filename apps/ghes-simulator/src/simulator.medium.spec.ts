import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Browser } from '../test/browser.js';
import { Receiver } from '../test/receiver.js';
import { jwt, octocat, SimulatorUnderTest } from '../test/simulator-under-test.js';

describe('the simulator', () => {
  let sut: SimulatorUnderTest;

  beforeAll(async () => {
    sut = await SimulatorUnderTest.start();
  });

  afterAll(() => sut.stop());

  const head = async () => (await sut.api('GET', '/repos/acme/docs/git/ref/heads/main')).body.object.sha;

  it('takes statuses of a commit and combines them', async () => {
    const sha = await head();
    const post = (body: object) => sut.api('POST', `/repos/acme/docs/statuses/${sha}`, octocat, body);
    const context = 'docs/build';
    await post({ state: 'pending', context });
    await expect(
      post({ state: 'success', context, target_url: 'https://preview.example', description: 'Built' }),
    ).resolves.toMatchObject({
      status: 201,
      body: { state: 'success', target_url: 'https://preview.example', creator: { login: 'octocat' } },
    });
    await expect(post({ state: 'success', description: 'x'.repeat(141) })).resolves.toMatchObject({ status: 422 });
    const statuses = await sut.api('GET', '/repos/acme/docs/commits/heads%2Fmain/statuses');
    expect(statuses.body).toMatchObject([{ state: 'success' }, { state: 'pending' }]);
    await expect(sut.api('GET', '/repos/acme/docs/commits/main/status')).resolves.toMatchObject({
      body: { state: 'success', total_count: 1, sha },
    });
    const none = await sut.api('POST', `/repos/acme/docs/statuses/${'1'.repeat(40)}`, octocat, { state: 'success' });
    expect(none.status).toBe(422);
  });

  it('gives the objects of git as git has them', async () => {
    const commit = await sut.api('GET', `/repos/acme/docs/git/commits/${await head()}`);
    const tree = await sut.api('GET', `/repos/acme/docs/git/trees/${commit.body.tree.sha}?recursive=1`);
    expect(tree.body.truncated).toBe(false);
    const page = tree.body.tree.find(({ path }) => path === 'guides/getting-started.md')!;
    const blob = await sut.api('GET', `/repos/acme/docs/git/blobs/${page.sha}`);
    const text = Buffer.from(blob.body.content, 'base64').toString('utf8');
    expect(text).toContain('# Get started');
    expect(blob.body.size).toBe(page.size);
  });

  it('pages with links, answers what has not changed with 304, and has no rate limit', async () => {
    const first = await sut.api('GET', '/orgs/acme/repos?per_page=1');
    expect(first.body).toHaveLength(1);
    expect(first.headers.get('link')).toBe(
      `<${sut.url}/api/v3/orgs/acme/repos?per_page=1&page=2>; rel="next", ` +
        `<${sut.url}/api/v3/orgs/acme/repos?per_page=1&page=2>; rel="last"`,
    );
    expect(first.headers.get('x-github-enterprise-version')).toBe('3.19.0');
    expect(first.headers.get('x-ratelimit-remaining')).toBeNull();
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await fetch(`${sut.url}/api/v3/orgs/acme/repos?per_page=1`, { headers })).status).toBe(304);
    await expect(sut.api('GET', '/rate_limit')).resolves.toMatchObject({
      status: 404,
      body: { message: 'Rate limiting is not enabled.' },
    });
  });

  it('shows every page to a person, with nothing of the repository taken for markup', async () => {
    const clone = await sut.clone('acme/docs');
    await sut.commit(clone, '<b>x.md', '<script>alert(1)</script>');
    await sut.git(clone, 'push', '--quiet', 'origin', 'HEAD:main', 'HEAD~:refs/heads/old/branch');
    const browser = new Browser(sut.url);
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

  it('fails on demand, on one route and as often as told', async () => {
    const body = { route: 'GET /api/v3/orgs/*', count: 1, status: 503, headers: { 'retry-after': '7' } };
    await sut.control('/faults', body);
    await sut.control('/faults', { route: 'GET /api/v3/meta', close: true });
    await expect(sut.api('GET', '/meta')).rejects.toThrow();
    const failed = await sut.api('GET', '/orgs/acme');
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '7']);
    await expect(sut.api('GET', '/orgs/acme')).resolves.toMatchObject({ status: 200 });
  });

  it('loses and doubles deliveries on demand', async () => {
    const receiver = await Receiver.start();
    const app = await sut.createApp({ hook_attributes: { url: receiver.url } });
    await sut.settle();
    receiver.clear();
    await sut.control('/delivery-faults', { kind: 'drop', event: 'installation' });
    const id = await sut.install(app.slug);
    await sut.settle();
    expect(receiver.received).toHaveLength(0);
    const failures = await sut.api('GET', '/app/hook/deliveries?status=failure', await jwt(app));
    expect(failures.body).toMatchObject([{ event: 'installation', status: 'failed to connect to host' }]);
    await sut.control('/delivery-faults', { kind: 'duplicate' });
    await sut.control(`/installations/${id}/suspend`);
    await sut.settle();
    expect(new Set(receiver.received.map(({ headers }) => headers['x-github-delivery'])).size).toBe(1);
    expect(receiver.names()).toEqual(['installation.suspend', 'installation.suspend']);
    await receiver.stop();
  });

  it('has the same commits and ids as the server beside it', async () => {
    const other = await SimulatorUnderTest.start();
    const [mine, theirs] = [await sut.api('GET', '/repos/acme/empty'), await other.api('GET', '/repos/acme/empty')];
    expect(theirs.body.id).toBe(mine.body.id);
    const seeded = await sut.api('GET', '/repos/acme/docs/git/commits/' + (await head()));
    const first = seeded.body.parents[0]?.sha ?? seeded.body.sha;
    await expect(other.api('GET', '/repos/acme/docs/git/ref/heads/main')).resolves.toMatchObject({
      body: { object: { sha: first } },
    });
    await other.stop();
  });

  it('continues with its data after a restart', async () => {
    const app = await sut.createApp({ name: 'Survivor' });
    const installation = await sut.install(app.slug);
    const token = await sut.token(app, installation);
    const before = [await head(), (await sut.api('GET', '/app', await jwt(app))).body.created_at];
    await sut.restart();
    await expect(sut.api('GET', '/installation/repositories', token)).resolves.toMatchObject({ status: 200 });
    const after = (await sut.api('GET', '/app', await jwt(app))).body;
    expect([await head(), after.created_at]).toEqual(before);
  });

  it('takes in a repository from this machine', async () => {
    const source = join(sut.folder, 'handbook');
    await mkdir(source);
    await sut.git(source, 'init', '--quiet', '--initial-branch=master');
    const sha = await sut.commit(source, 'a.md', '# A');
    const other = await SimulatorUnderTest.start({ seedRepository: source });
    await expect(other.api('GET', '/repos/acme/handbook/branches/master')).resolves.toMatchObject({
      body: { commit: { sha } },
    });
    await expect(other.api('GET', '/repos/acme/handbook')).resolves.toMatchObject({
      body: { default_branch: 'master' },
    });
    await other.restart();
    await other.stop();
  });

  it('says plainly that git is missing or that a seed is no repository', async () => {
    await expect(SimulatorUnderTest.start({ gitBinary: 'no-such-git' })).rejects.toThrow(/needs git.*no-such-git/);
    await expect(SimulatorUnderTest.start({ seedRepository: '/nowhere' })).rejects.toThrow(/\/nowhere.*not a folder/);
  });

  it('answers nobody without credentials in private mode', async () => {
    const other = await SimulatorUnderTest.start({ privateMode: true });
    await expect(other.api('GET', '/repos/acme/docs')).resolves.toMatchObject({ status: 401 });
    await expect(other.api('GET', '/repos/acme/docs', octocat)).resolves.toMatchObject({ status: 200 });
    await expect(other.git(other.folder, 'clone', `${other.url}/acme/docs.git`)).rejects.toThrow();
    await other.stop();
  });
});
