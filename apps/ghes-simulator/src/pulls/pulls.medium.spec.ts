import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from '../../test/receiver.js';
import { octocat, TestSimulator } from '../../test/test-simulator.js';

describe('pull requests', () => {
  let server: TestSimulator;
  let receiver: Receiver;

  beforeAll(async () => {
    receiver = await Receiver.start();
    server = await TestSimulator.start();
    const app = await server.createApp({ hook_attributes: { url: receiver.url } });
    await server.install(app.slug);
  });

  afterAll(async () => {
    await server.stop();
    await receiver.stop();
  });

  beforeEach(async () => {
    await server.settle();
    receiver.clear();
  });

  const branch = async (name: string, content = name) => {
    const clone = await server.clone('acme/docs');
    await server.git(clone, 'checkout', '--quiet', '-b', name);
    await server.commit(clone, `${name}.md`, content);
    await server.git(clone, 'push', '--quiet', 'origin', name);
    return clone;
  };
  const open = (head: string) =>
    server.api('POST', '/repos/acme/docs/pulls', octocat, { title: `Add ${head}`, head, base: 'main' });

  it('are opened, follow their branch, and are merged', async () => {
    const clone = await branch('page');
    const opened = await open('page');
    expect(opened).toMatchObject({
      status: 201,
      body: { state: 'open', mergeable: true, commits: 1, changed_files: 1 },
    });
    const head = await server.commit(clone, 'page.md', 'better');
    await server.git(clone, 'push', '--quiet', 'origin', 'page');
    const { number } = opened.body;
    const merged = await server.api('PUT', `/repos/acme/docs/pulls/${number}/merge`, octocat, { sha: head });
    expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    await server.settle();

    const names = receiver.names().filter((name) => name.startsWith('pull_request'));
    expect(names.sort()).toEqual(['pull_request.closed', 'pull_request.opened', 'pull_request.synchronize']);
    expect(receiver.last('pull_request.synchronize').payload).toMatchObject({
      after: head,
      pull_request: { head: { sha: head } },
    });
    expect(receiver.last('pull_request.closed').payload).toMatchObject({
      pull_request: { merged: true, merge_commit_sha: merged.body.sha, merged_by: { login: 'octocat' } },
    });
    const push = receiver.received.find(({ payload }) => payload.ref === 'refs/heads/main');
    expect(push?.payload).toMatchObject({ after: merged.body.sha, pusher: { name: 'octocat' } });
    await server.git(clone, 'fetch', '--quiet', 'origin');
    const parents = await server.git(clone, 'log', '-1', '--format=%P', 'origin/main');
    expect(parents.split(' ')[1]).toBe(head);
    await expect(server.git(clone, 'ls-remote', 'origin', `refs/pull/${number}/head`)).resolves.toContain(head);
  });

  it('are listed by update time in either direction', async () => {
    await branch('early');
    await branch('late');
    const [early, late] = [(await open('early')).body.number, (await open('late')).body.number];
    await server.control('/clock', { advanceSeconds: 1 });
    await server.api('PATCH', `/repos/acme/docs/pulls/${early}`, octocat, { state: 'closed' });
    const listed = async (query: string) => {
      const { body } = await server.api('GET', `/repos/acme/docs/pulls?state=all&${query}`, octocat);
      const numbers = (body as unknown as { number: number }[]).map(({ number }) => number);
      return numbers.filter((number) => number === early || number === late);
    };
    expect(await listed('sort=updated&direction=desc')).toEqual([early, late]);
    expect(await listed('sort=updated')).toEqual([late, early]);
    expect(await listed('sort=created')).toEqual([late, early]);
    expect(await listed('direction=asc')).toEqual([early, late]);
  });

  it.each(['squash', 'rebase'])('are merged by %s into a linear history', async (method) => {
    const clone = await branch(method);
    await server.commit(clone, `${method}-2.md`, 'second');
    await server.git(clone, 'push', '--quiet', 'origin', method);
    const { body } = await open(method);
    const merged = await server.api('PUT', `/repos/acme/docs/pulls/${body.number}/merge`, octocat, {
      merge_method: method,
    });
    expect(merged.status).toBe(200);
    await server.git(clone, 'fetch', '--quiet', 'origin');
    await expect(server.git(clone, 'log', '-1', '--format=%P', 'origin/main')).resolves.toMatch(/^[0-9a-f]{40}$/);
    await expect(server.git(clone, 'diff', '--name-only', 'origin/main', method, '--', `${method}*`)).resolves.toBe('');
  });

  it('are not mergeable on a conflict', async () => {
    await branch('one');
    const clone = await server.clone('acme/docs');
    await server.git(clone, 'checkout', '--quiet', '-b', 'other');
    await server.commit(clone, 'one.md', 'something else');
    await server.git(clone, 'push', '--quiet', 'origin', 'other');
    const first = await open('one');
    const second = await open('other');
    await server.api('PUT', `/repos/acme/docs/pulls/${first.body.number}/merge`, octocat, {});
    const path = `/repos/acme/docs/pulls/${second.body.number}`;
    await expect(server.api('GET', path)).resolves.toMatchObject({
      body: { mergeable: false, mergeable_state: 'dirty' },
    });
    await expect(server.api('PUT', `${path}/merge`, octocat, {})).resolves.toMatchObject({ status: 405 });
  });

  it('are closed when the branch is deleted, and merged when the base contains the head', async () => {
    const gone = await branch('gone');
    const direct = await branch('direct');
    const [first, second] = [await open('gone'), await open('direct')];
    await server.git(gone, 'push', '--quiet', 'origin', '--delete', 'gone');
    await server.git(direct, 'push', '--quiet', 'origin', 'direct:main');
    const get = (number: number) => server.api('GET', `/repos/acme/docs/pulls/${number}`);
    await expect(get(first.body.number)).resolves.toMatchObject({ body: { state: 'closed', merged: false } });
    await expect(get(second.body.number)).resolves.toMatchObject({ body: { state: 'closed', merged: true } });
  });

  it('are edited, closed and reopened', async () => {
    await branch('edited');
    const path = `/repos/acme/docs/pulls/${(await open('edited')).body.number}`;
    await server.api('PATCH', path, octocat, { title: 'Better title' });
    await server.api('PATCH', path, octocat, { state: 'closed' });
    await server.api('PATCH', path, octocat, { state: 'open' });
    await server.settle();
    const names = ['edited', 'closed', 'reopened'].map((action) => receiver.last(`pull_request.${action}`));
    expect(names[0]?.payload).toMatchObject({ changes: { title: { from: 'Add edited' } } });
    expect(names[2]?.payload).toMatchObject({ pull_request: { state: 'open', title: 'Better title' } });
  });

  it('are rejected for a missing branch, without new commits, and for a branch with an open one', async () => {
    await branch('twice');
    await open('twice');
    await expect(open('twice')).resolves.toMatchObject({ status: 422 });
    await expect(open('nowhere')).resolves.toMatchObject({ status: 422, body: { errors: [{ field: 'head' }] } });
    await expect(open('main')).resolves.toMatchObject({ status: 422 });
  });
});
