import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jwt, octocat, TestSimulator } from '../../test/test-simulator.js';

const repo = '/repos/acme/docs';

describe('repository contents over REST', () => {
  let server: TestSimulator;
  let clone: string;

  beforeAll(async () => {
    server = await TestSimulator.start({ treeEntryLimit: 10 });
    clone = await server.clone('acme/docs');
    await symlink('index.md', join(clone, 'link.md'));
    await symlink('/etc/hosts', join(clone, 'outside'));
    await mkdir(join(clone, 'vendor/lib'), { recursive: true });
    await server.git(clone, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},vendor/lib`);
    await writeFile(
      join(clone, '.gitmodules'),
      '[submodule "lib"]\n\tpath = vendor/lib\n\turl = https://git.example/lib.git\n',
    );
    await server.git(clone, 'add', 'link.md', 'outside', '.gitmodules');
    await server.git(clone, 'commit', '--quiet', '--message', 'Links');
    await server.git(clone, 'push', '--quiet');
  });

  afterAll(() => server.stop());

  const head = () => server.git(clone, 'ls-remote', 'origin', 'refs/heads/main').then((line) => line.slice(0, 40));

  it('returns files, folders, links and submodules as GitHub does', async () => {
    const file = await server.api('GET', `${repo}/contents/index.md`);
    expect(file.body).toMatchObject({
      type: 'file',
      encoding: 'base64',
      sha: await server.git(clone, 'rev-parse', 'HEAD:index.md'),
    });
    const link = await server.api('GET', `${repo}/contents/link.md`);
    expect(link.body).toMatchObject({ type: 'file', path: 'link.md', sha: file.body.sha });
    await expect(server.api('GET', `${repo}/contents/outside`)).resolves.toMatchObject({
      body: { type: 'symlink', target: '/etc/hosts' },
    });
    await expect(server.api('GET', `${repo}/contents/vendor/lib`)).resolves.toMatchObject({
      body: { type: 'submodule', submodule_git_url: 'https://git.example/lib.git' },
    });
    await expect(server.api('GET', `${repo}/contents/vendor`)).resolves.toMatchObject({
      body: [{ type: 'file', size: 0 }],
    });
    await expect(server.api('GET', `${repo}/contents/guides?ref=main`)).resolves.toMatchObject({ status: 200 });
    await expect(server.api('GET', `${repo}/contents/nowhere`)).resolves.toMatchObject({ status: 404 });
  });

  it('marks a recursive tree as truncated', async () => {
    const tree = await server.api('GET', `${repo}/git/trees/main?recursive=1`);
    expect([tree.body.truncated, tree.body.tree.length]).toEqual([true, 10]);
  });

  it('serves an archive for five minutes without credentials', async () => {
    const answer = await fetch(`${server.url}/api/v3${repo}/tarball/main`, { redirect: 'manual' });
    const location = answer.headers.get('location')!;
    expect([answer.status, new URL(location).pathname]).toEqual([302, '/_codeload/acme/docs/legacy.tar.gz/main']);
    const archive = await fetch(location);
    const names = execFileSync('tar', ['tz'], { input: Buffer.from(await archive.arrayBuffer()) }).toString();
    expect(names).toContain(`acme-docs-${(await head()).slice(0, 7)}/guides/getting-started.md`);
    await server.control('/clock', { advanceSeconds: 301 });
    expect((await fetch(location)).status).toBe(404);
  });

  it('creates blobs, trees, commits and refs with the ids that Git computes', async () => {
    const parent = await head();
    const post = (path: string, body: object) => server.api('POST', `${repo}/git/${path}`, octocat, body);
    const blob = await post('blobs', { content: Buffer.from('echo hi\n').toString('base64'), encoding: 'base64' });
    const entries = [
      { path: 'bin/run.sh', mode: '100755', type: 'blob', sha: blob.body.sha },
      { path: 'made.md', mode: '100644', type: 'blob', content: '# Made' },
      { path: 'changelog.md', mode: '100644', type: 'blob', sha: null },
    ];
    const tree = await post('trees', { base_tree: parent, tree: entries });
    const made = await post('commits', { message: 'Make', tree: tree.body.sha, parents: [parent] });
    await expect(post('refs', { ref: 'refs/heads/made', sha: made.body.sha })).resolves.toMatchObject({ status: 201 });
    await expect(post('refs', { ref: 'refs/heads/made', sha: made.body.sha })).resolves.toMatchObject({ status: 422 });
    await server.git(clone, 'fetch', '--quiet');
    expect(await server.git(clone, 'ls-tree', '-r', 'origin/made', 'bin', 'made.md')).toMatch(
      /^100755 blob .*bin\/run.sh\n100644 blob/,
    );
    await expect(server.git(clone, 'cat-file', '-e', 'origin/made:changelog.md')).rejects.toThrow();
    const patch = (sha: string, force = false) =>
      server.api('PATCH', `${repo}/git/refs/heads/made`, octocat, { sha, force });
    await expect(patch(parent)).resolves.toMatchObject({
      status: 422,
      body: { message: 'Update is not a fast forward' },
    });
    await expect(patch(parent, true)).resolves.toMatchObject({ status: 200, body: { object: { sha: parent } } });
    await expect(server.api('DELETE', `${repo}/git/refs/heads/made`, octocat)).resolves.toMatchObject({ status: 204 });
    await expect(server.api('DELETE', `${repo}/git/refs/heads/made`, octocat)).resolves.toMatchObject({ status: 422 });
  });

  it('compares commits as Git does', async () => {
    await server.git(clone, 'checkout', '--quiet', '-b', 'compare');
    await server.git(clone, 'mv', 'index.md', 'home.md');
    await mkdir(join(clone, 'new'));
    const sha = await server.commit(clone, 'new/page.md', 'a\nb\n');
    await server.git(clone, 'push', '--quiet', 'origin', 'compare');
    const answer = await server.api('GET', `${repo}/compare/main...compare`);
    expect(answer.body).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      commits: [{ sha }],
      files: [
        { filename: 'home.md', status: 'renamed', previous_filename: 'index.md' },
        { filename: 'new/page.md', status: 'added', additions: 2, patch: '@@ -0,0 +1,2 @@\n+a\n+b' },
      ],
    });
    await expect(server.api('GET', `${repo}/commits/${sha}`)).resolves.toMatchObject({
      body: { stats: { additions: 2 } },
    });
    await expect(server.api('GET', `${repo}/compare/main...nowhere`)).resolves.toMatchObject({ status: 404 });
  });

  it('returns checks, protection and members', async () => {
    const app = await server.createApp({
      default_permissions: { contents: 'write', checks: 'read', members: 'read', administration: 'read' },
      default_events: ['push'],
    });
    const token = await server.token(app, await server.install(app.slug));
    await server.control('/check-runs', { repository: 'acme/docs', app: app.slug, ref: 'main', name: 'lint' });
    await expect(server.api('GET', `${repo}/commits/main/check-runs`, token)).resolves.toMatchObject({
      body: { total_count: 1, check_runs: [{ name: 'lint', conclusion: 'success' }] },
    });
    await expect(server.api('GET', `${repo}/commits/main/check-suites`, token)).resolves.toMatchObject({
      body: { total_count: 1 },
    });
    await expect(server.api('GET', `${repo}/branches/main/protection`, token)).resolves.toMatchObject({ status: 404 });
    await server.send('PUT', '/_simulator/protections', undefined, {
      repository: 'acme/docs',
      branch: 'main',
      requiredContexts: ['lint'],
      requiredApprovals: 1,
    });
    await expect(server.api('GET', `${repo}/branches/main/protection`, token)).resolves.toMatchObject({
      body: { required_status_checks: { contexts: ['lint'] } },
    });
    await expect(server.api('GET', `${repo}/branches/main`, token)).resolves.toMatchObject({
      body: { protected: true },
    });
    await server.send('DELETE', '/_simulator/protections', undefined, { repository: 'acme/docs', branch: 'main' });
    await expect(server.api('GET', '/orgs/acme/members', token)).resolves.toMatchObject({
      body: [{ login: 'octocat' }, { login: 'hubot' }],
    });
    await expect(server.api('GET', '/orgs/acme/members/mallory', token)).resolves.toMatchObject({ status: 404 });
    await server.send('DELETE', `/_simulator/apps/${app.slug}/keys`);
    await expect(server.api('GET', '/app', await jwt(app))).resolves.toMatchObject({ status: 401 });
  });

  it('takes check runs of an app, and adds annotations to them', async () => {
    const app = await server.createApp({
      name: 'Findings',
      default_permissions: { checks: 'write' },
      default_events: [],
    });
    const token = await server.token(app, await server.install(app.slug));
    const sha = await server.git(clone, 'rev-parse', 'HEAD~1');
    const annotations = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...{ path: 'a.md', start_line: index + 1, end_line: index + 1, annotation_level: 'warning', message: 'm' },
      }));
    const output = (count: number) => ({ output: { title: 't', summary: 's', annotations: annotations(count) } });
    const created = await server.api('POST', `${repo}/check-runs`, token, {
      ...{ name: 'findings', head_sha: sha, status: 'in_progress' },
      ...output(50),
    });
    expect(created).toMatchObject({ status: 201, body: { status: 'in_progress', conclusion: null } });
    const run = `${repo}/check-runs/${created.body.id}`;
    const end = { status: 'completed', conclusion: 'failure' };
    expect(await server.api('PATCH', run, token, { ...end, ...output(1) })).toMatchObject({
      body: { conclusion: 'failure', output: { annotations_count: 51 } },
    });
  });
});
