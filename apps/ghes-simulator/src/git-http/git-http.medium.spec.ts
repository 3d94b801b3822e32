import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Receiver, signatureIsValid } from '../../test/receiver.js';
import { TestSimulator, type AppCredentials } from '../../test/test-simulator.js';

describe('git over HTTP', () => {
  let server: TestSimulator;
  let receiver: Receiver;
  let app: AppCredentials;
  let installation: number;

  beforeAll(async () => {
    receiver = await Receiver.start();
    server = await TestSimulator.start();
    app = await server.createApp({ hook_attributes: { url: receiver.url } });
    installation = await server.install(app.slug);
    await server.settle();
  });

  afterAll(async () => {
    await server.stop();
    await receiver.stop();
  });

  beforeEach(async () => {
    await server.settle();
    receiver.clear();
  });

  it('clones the seeded documentation without credentials', async () => {
    await server.git(server.folder, 'clone', '--quiet', `${server.url}/acme/docs.git`, 'public');
    await expect(readFile(join(server.folder, 'public', 'index.md'), 'utf8')).resolves.toContain('# Acme');
  });

  it('sends a signed push event with the files of each commit', async () => {
    const clone = await server.clone('acme/docs');
    const before = await server.git(clone, 'rev-parse', 'HEAD');
    const first = await server.commit(clone, 'new.md', '# New\n');
    const second = await server.commit(clone, 'index.md', '# Changed\n');
    await server.git(clone, 'push', '--quiet');
    await server.settle();

    const push = receiver.last('push');
    expect(signatureIsValid(push, app.webhook_secret)).toBe(true);
    expect(push.headers).toMatchObject({
      'x-github-hook-installation-target-id': String(app.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-github-enterprise-version': '3.19.0',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    });
    expect(push.payload).toMatchObject({
      ref: 'refs/heads/main',
      before,
      after: second,
      created: false,
      deleted: false,
      forced: false,
      commits: [
        { id: first, added: ['new.md'], modified: [], removed: [] },
        { id: second, added: [], modified: ['index.md'], removed: [] },
      ],
      head_commit: { id: second, message: 'Change index.md' },
      repository: { full_name: 'acme/docs', default_branch: 'main' },
      pusher: { name: 'octocat' },
      sender: { login: 'octocat' },
      organization: { login: 'acme' },
      installation: { id: installation },
    });
    expect(receiver.names()).toEqual(['push']);
  });

  it('sends create and delete for branches, and marks forced pushes', async () => {
    const clone = await server.clone('acme/docs');
    await server.git(clone, 'checkout', '--quiet', '-b', 'docs/new');
    await server.commit(clone, 'branch.md', 'one');
    await server.git(clone, 'push', '--quiet', 'origin', 'docs/new');
    await server.git(clone, 'commit', '--quiet', '--amend', '--message', 'two');
    await server.git(clone, 'push', '--quiet', '--force', 'origin', 'docs/new');
    await server.settle();
    expect(receiver.last('create').payload).toMatchObject({
      ref: 'docs/new',
      ref_type: 'branch',
      master_branch: 'main',
    });
    expect(receiver.last('push').payload).toMatchObject({ forced: true, ref: 'refs/heads/docs/new' });
    expect(receiver.received.find(({ payload }) => payload.created)?.payload.commits).toHaveLength(1);

    await server.git(clone, 'push', '--quiet', 'origin', '--delete', 'docs/new');
    await server.settle();
    expect(receiver.last('delete').payload).toMatchObject({ ref: 'docs/new', ref_type: 'branch' });
    expect(receiver.last('push').payload).toMatchObject({ deleted: true, after: '0'.repeat(40), head_commit: null });
  });

  it('sends nothing for a push of more than three tags', async () => {
    const clone = await server.clone('acme/docs');
    for (const tag of ['a', 'b', 'c', 'd']) await server.git(clone, 'tag', '--annotate', '--message', tag, tag);
    await server.git(clone, 'push', '--quiet', 'origin', 'a');
    await server.settle();
    expect(receiver.names().sort()).toEqual(['create', 'push']);
    receiver.clear();
    await server.git(clone, 'push', '--quiet', 'origin', ':a');
    await server.git(clone, 'push', '--quiet', '--tags');
    await server.settle();
    expect(receiver.names().sort()).toEqual(['delete', 'push']);
  });

  it('accepts a large compressed push, and makes the first branch of an empty repository its default', async () => {
    const clone = await server.clone('acme/empty');
    await server.git(clone, 'checkout', '--quiet', '-b', 'trunk');
    await server.commit(clone, 'large.txt', 'All work and no play makes Jack a dull boy.\n'.repeat(200_000));
    await server.git(clone, '-c', 'http.postBuffer=1000', 'push', '--quiet', 'origin', 'trunk');
    await expect(server.api('GET', '/repos/acme/empty')).resolves.toMatchObject({ body: { default_branch: 'trunk' } });
  });

  it('rejects a push without permission, and hides private repositories', async () => {
    const clone = await server.clone('acme/docs');
    const push = (credentials: string, name = 'acme/docs') =>
      server.git(clone, 'push', server.cloneUrl(name, credentials), 'HEAD:refs/heads/evil');
    await expect(push('mallory:mallory-password')).rejects.toThrow(/403/);
    await expect(push('octocat:wrong')).rejects.toThrow(/Authentication failed/);
    await expect(push('octocat:octocat-password', 'globex/handbook')).rejects.toThrow(/not found/);
  });

  it('limits an installation token to its permissions and repositories', async () => {
    const read = (await server.token(app, installation, { permissions: { contents: 'read' } })).slice('Bearer '.length);
    const clone = await server.clone('acme/docs', `x-access-token:${read}`);
    await server.commit(clone, 'token.md', 'by a token');
    await expect(server.git(clone, 'push', '--quiet')).rejects.toThrow(/403/);
    const write = (await server.token(app, installation, { repositories: ['docs'] })).slice('Bearer '.length);
    await server.git(clone, 'push', '--quiet', server.cloneUrl('acme/docs', `x-access-token:${write}`), 'HEAD:main');
    await server.settle();
    expect(receiver.last('push').payload).toMatchObject({ sender: { login: 'docs-bridge[bot]', type: 'Bot' } });
  });

  it('stores and serves objects of Git LFS to callers with access', async () => {
    const content = 'a picture';
    const oid = createHash('sha256').update(content).digest('hex');
    const lfs = `${server.url}/acme/docs.git/info/lfs/objects`;
    const as = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
    const batch = async (operation: string, headers: Record<string, string>) => {
      const body = JSON.stringify({ operation, objects: [{ oid, size: content.length }] });
      const answer = await fetch(`${lfs}/batch`, { method: 'POST', headers, body });
      return { status: answer.status, body: (answer.ok ? await answer.json() : null) as { objects: unknown[] } | null };
    };
    const writer = as('octocat:octocat-password');
    expect((await batch('download', {})).body?.objects).toEqual([
      expect.objectContaining({ error: { code: 404, message: expect.any(String) } }),
    ]);
    expect((await batch('upload', as('mallory:mallory-password'))).status).toBe(403);
    const upload = { href: `${lfs}/${oid}`, header: { Authorization: writer.authorization } };
    expect((await batch('upload', writer)).body?.objects).toEqual([{ oid, size: 9, actions: { upload } }]);
    const put = (body: string) => fetch(upload.href, { method: 'PUT', headers: writer, body });
    expect([(await put('another')).status, (await put(content)).status]).toEqual([422, 200]);
    expect((await batch('download', {})).body?.objects).toMatchObject([
      { actions: { download: { href: upload.href } } },
    ]);
    expect(await (await fetch(upload.href)).text()).toBe(content);
  });

  it('rejects names that escape the repository folder', async () => {
    for (const path of ['/..%2f..%2fetc/x.git', '/acme/..%2f..%2fglobex%2fhandbook.git', '/acme/%2e%2e.git']) {
      const answer = await fetch(`${server.url}${path}/info/refs?service=git-upload-pack`);
      expect([401, 404]).toContain(answer.status);
    }
  });
});
