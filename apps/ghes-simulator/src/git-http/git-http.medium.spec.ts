import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Receiver, signatureIsValid } from '../../test/receiver.js';
import { SimulatorUnderTest, type AppCredentials } from '../../test/simulator-under-test.js';

describe('git over HTTP', () => {
  let sut: SimulatorUnderTest;
  let receiver: Receiver;
  let app: AppCredentials;
  let installation: number;

  beforeAll(async () => {
    receiver = await Receiver.start();
    sut = await SimulatorUnderTest.start();
    app = await sut.createApp({ hook_attributes: { url: receiver.url } });
    installation = await sut.install(app.slug);
    await sut.settle();
  });

  afterAll(async () => {
    await sut.stop();
    await receiver.stop();
  });

  beforeEach(async () => {
    await sut.settle();
    receiver.clear();
  });

  it('clones the seeded documentation without credentials', async () => {
    await sut.git(sut.folder, 'clone', '--quiet', `${sut.url}/acme/docs.git`, 'public');
    await expect(readFile(join(sut.folder, 'public', 'index.md'), 'utf8')).resolves.toContain('# Acme');
  });

  it('tells the app of a push, signed with its secret, with the files that each commit touched', async () => {
    const clone = await sut.clone('acme/docs');
    const before = await sut.git(clone, 'rev-parse', 'HEAD');
    const first = await sut.commit(clone, 'new.md', '# New\n');
    const second = await sut.commit(clone, 'index.md', '# Changed\n');
    await sut.git(clone, 'push', '--quiet');
    await sut.settle();

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

  it('sends create and delete for branches, and says when a push was forced', async () => {
    const clone = await sut.clone('acme/docs');
    await sut.git(clone, 'checkout', '--quiet', '-b', 'docs/new');
    await sut.commit(clone, 'branch.md', 'one');
    await sut.git(clone, 'push', '--quiet', 'origin', 'docs/new');
    await sut.git(clone, 'commit', '--quiet', '--amend', '--message', 'two');
    await sut.git(clone, 'push', '--quiet', '--force', 'origin', 'docs/new');
    await sut.settle();
    expect(receiver.last('create').payload).toMatchObject({
      ref: 'docs/new',
      ref_type: 'branch',
      master_branch: 'main',
    });
    expect(receiver.last('push').payload).toMatchObject({ forced: true, ref: 'refs/heads/docs/new' });
    expect(receiver.received.find(({ payload }) => payload.created)?.payload.commits).toHaveLength(1);

    await sut.git(clone, 'push', '--quiet', 'origin', '--delete', 'docs/new');
    await sut.settle();
    expect(receiver.last('delete').payload).toMatchObject({ ref: 'docs/new', ref_type: 'branch' });
    expect(receiver.last('push').payload).toMatchObject({ deleted: true, after: '0'.repeat(40), head_commit: null });
  });

  it('sends nothing for a push of more than three tags', async () => {
    const clone = await sut.clone('acme/docs');
    for (const tag of ['a', 'b', 'c', 'd']) await sut.git(clone, 'tag', '--annotate', '--message', tag, tag);
    await sut.git(clone, 'push', '--quiet', 'origin', 'a');
    await sut.settle();
    expect(receiver.names().sort()).toEqual(['create', 'push']);
    receiver.clear();
    await sut.git(clone, 'push', '--quiet', 'origin', ':a');
    await sut.git(clone, 'push', '--quiet', '--tags');
    await sut.settle();
    expect(receiver.names().sort()).toEqual(['delete', 'push']);
  });

  it('takes a large compressed push and makes the first branch of an empty repository its default', async () => {
    const clone = await sut.clone('acme/empty');
    await sut.git(clone, 'checkout', '--quiet', '-b', 'trunk');
    await sut.commit(clone, 'large.txt', 'All work and no play makes Jack a dull boy.\n'.repeat(200_000));
    await sut.git(clone, '-c', 'http.postBuffer=1000', 'push', '--quiet', 'origin', 'trunk');
    await expect(sut.api('GET', '/repos/acme/empty')).resolves.toMatchObject({ body: { default_branch: 'trunk' } });
  });

  it('refuses a push of somebody without the right, and hides what they may not see', async () => {
    const clone = await sut.clone('acme/docs');
    const push = (credentials: string, name = 'acme/docs') =>
      sut.git(clone, 'push', sut.cloneUrl(name, credentials), 'HEAD:refs/heads/evil');
    await expect(push('mallory:mallory-password')).rejects.toThrow(/403/);
    await expect(push('octocat:wrong')).rejects.toThrow(/Authentication failed/);
    await expect(push('octocat:octocat-password', 'globex/handbook')).rejects.toThrow(/not found/);
  });

  it('lets an installation token do what it was narrowed to and no more', async () => {
    const read = (await sut.token(app, installation, { permissions: { contents: 'read' } })).slice('Bearer '.length);
    const clone = await sut.clone('acme/docs', `x-access-token:${read}`);
    await sut.commit(clone, 'token.md', 'by a token');
    await expect(sut.git(clone, 'push', '--quiet')).rejects.toThrow(/403/);
    const write = (await sut.token(app, installation, { repositories: ['docs'] })).slice('Bearer '.length);
    await sut.git(clone, 'push', '--quiet', sut.cloneUrl('acme/docs', `x-access-token:${write}`), 'HEAD:main');
    await sut.settle();
    expect(receiver.last('push').payload).toMatchObject({ sender: { login: 'docs-bridge[bot]', type: 'Bot' } });
  });

  it('refuses names that would lead out of its folder', async () => {
    for (const path of ['/..%2f..%2fetc/x.git', '/acme/..%2f..%2fglobex%2fhandbook.git', '/acme/%2e%2e.git']) {
      const answer = await fetch(`${sut.url}${path}/info/refs?service=git-upload-pack`);
      expect([401, 404]).toContain(answer.status);
    }
  });
});
