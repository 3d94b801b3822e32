import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from '../../test/receiver.js';
import { octocat, TestSimulator } from '../../test/test-simulator.js';

describe('a repository whose address changes', () => {
  let server: TestSimulator;

  beforeEach(async () => {
    server = await TestSimulator.start();
  });
  afterEach(() => server.stop());

  const get = (path: string) =>
    fetch(`${server.url}/api/v3${path}`, { headers: { authorization: octocat }, redirect: 'manual' });
  const docs = async () => (await server.api('GET', '/repos/acme/docs', octocat)).body.id;

  it('answers 301 to reads, 307 to writes and 301 to git at its former name, and by its id as before', async () => {
    const id = await docs();
    await server.control('/repositories/move', { repository: 'acme/docs', name: 'manual' });
    const read = await get('/repos/acme/docs/branches?per_page=1');
    expect([read.status, read.headers.get('location')]).toEqual([
      301,
      `${server.url}/api/v3/repositories/${id}/branches?per_page=1`,
    ]);
    const write = await fetch(`${server.url}/api/v3/repos/acme/docs/git/refs`, {
      method: 'POST',
      headers: { authorization: octocat },
      body: JSON.stringify({ ref: 'refs/heads/topic', sha: '0'.repeat(40) }),
      redirect: 'manual',
    });
    expect(write.status).toBe(307);
    const git = await fetch(`${server.url}/acme/docs.git/info/refs?service=git-upload-pack`, { redirect: 'manual' });
    expect([git.status, git.headers.get('location')]).toEqual([
      301,
      `${server.url}/acme/manual.git/info/refs?service=git-upload-pack`,
    ]);
    const byId = await server.api('GET', `/repositories/${id}`, octocat);
    expect(byId.body.full_name).toBe('acme/manual');
    await expect(server.clone('acme/docs')).resolves.toBeDefined();
  });

  it('no longer redirects once another repository has taken the name', async () => {
    const id = await docs();
    await server.control('/repositories/move', { repository: 'acme/docs', name: 'docs-old' });
    await server.control('/repositories', { owner: 'acme', name: 'docs' });
    expect(await docs()).not.toBe(id);
  });

  it('keeps its id when it is transferred, and is out of reach of the former installation', async () => {
    const app = await server.createApp();
    const installation = await server.install(app.slug);
    await server.control('/repositories/move', { repository: 'acme/docs', owner: 'globex', name: 'docs' });
    const token = await server.token(app, installation);
    const listed = await server.api('GET', '/installation/repositories', token);
    expect(JSON.stringify(listed.body)).not.toContain('"docs"');
  });

  it('answers 404 over REST and 301 over git after its owner was renamed, and apps get an event', async () => {
    const receiver = await Receiver.start();
    const app = await server.createApp({ hook_attributes: { url: receiver.url } });
    await server.install(app.slug);
    await server.control('/accounts/acme/rename', { login: 'acme2' });
    expect((await get('/repos/acme/docs')).status).toBe(404);
    const git = await fetch(`${server.url}/acme/docs.git/info/refs?service=git-upload-pack`, { redirect: 'manual' });
    expect(git.status).toBe(301);
    await server.settle();
    expect(receiver.names()).toContain('installation_target.renamed');
    await receiver.stop();
  });

  it('is read-only while it is archived', async () => {
    await fetch(`${server.url}/_simulator/repositories/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ repository: 'acme/docs', archived: true }),
    });
    const { sha } = (await server.api('GET', '/repos/acme/docs/git/ref/heads/main', octocat)).body.object;
    const answer = await server.api('POST', '/repos/acme/docs/git/refs', octocat, {
      ref: 'refs/heads/x',
      sha,
    });
    expect([answer.status, answer.body.message]).toEqual([403, 'Repository was archived so is read-only.']);
  });

  it('has a branch of the merge queue with the merge of a pull request', async () => {
    const clone = await server.clone('acme/docs');
    await server.git(clone, 'checkout', '--quiet', '-b', 'topic');
    await server.commit(clone, 'topic.md', '# Topic');
    await server.git(clone, 'push', '--quiet', 'origin', 'topic');
    await server.api('POST', '/repos/acme/docs/pulls', octocat, { title: 'Topic', head: 'topic', base: 'main' });
    const { branch, sha } = await server.control('/merge-queue', { repository: 'acme/docs', number: 1 });
    expect(branch).toMatch(/^gh-readonly-queue\/main\/pr-1-[0-9a-f]{40}$/);
    const ref = await server.api('GET', `/repos/acme/docs/git/ref/heads/${branch}`, octocat);
    expect(JSON.stringify(ref.body)).toContain(sha);
  });

  it('rejects statuses with characters beyond U+FFFF', async () => {
    const { sha } = (await server.api('GET', '/repos/acme/docs/git/ref/heads/main', octocat)).body.object;
    const post = (status: object) => server.api('POST', `/repos/acme/docs/statuses/${sha}`, octocat, status);
    expect((await post({ state: 'success', context: 'x', description: '📘 read' })).status).toBe(422);
    expect((await post({ state: 'success', context: '📘' })).status).toBe(422);
    expect((await post({ state: 'success', context: 'x', description: 'read' })).status).toBe(201);
  });
});
