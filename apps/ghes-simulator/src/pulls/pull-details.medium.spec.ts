import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { octocat, TestSimulator } from '../../test/test-simulator.js';

const repo = '/repos/acme/docs';

describe('details of a pull request', () => {
  let server: TestSimulator;
  let clone: string;

  beforeAll(async () => {
    server = await TestSimulator.start();
    clone = await server.clone('acme/docs');
  });

  afterAll(() => server.stop());

  async function open(branch: string, head = branch): Promise<{ number: number; sha: string }> {
    await server.git(clone, 'checkout', '--quiet', '-B', branch, 'origin/main');
    const sha = await server.commit(clone, `${branch}.md`, '# New\n');
    await server.git(clone, 'push', '--quiet', 'origin', branch);
    const pull = await server.api('POST', `${repo}/pulls`, octocat, { title: branch, head, base: 'main' });
    return { number: pull.body.number, sha };
  }

  it('include the reviewers that are requested until they review, and comments on lines', async () => {
    const { number } = await open('reviewers');
    const at = `${repo}/pulls/${number}`;
    const request = (login: string) => server.api('POST', `${at}/requested_reviewers`, octocat, { reviewers: [login] });
    for (const login of ['octocat', 'mallory']) await expect(request(login)).resolves.toMatchObject({ status: 422 });
    await expect(request('hubot')).resolves.toMatchObject({
      status: 201,
      body: { requested_reviewers: [{ login: 'hubot' }] },
    });
    const comments = [{ path: 'reviewers.md', line: 1, body: 'Better.' }];
    await server.control('/reviews', { repository: 'acme/docs', number, login: 'hubot', event: 'COMMENT', comments });
    await expect(server.api('GET', at)).resolves.toMatchObject({ body: { requested_reviewers: [] } });
    await expect(server.api('GET', `${at}/comments`)).resolves.toMatchObject({
      body: [{ path: 'reviewers.md', line: 1, body: 'Better.', user: { login: 'hubot' } }],
    });
  });

  it('list only the commits that changed a path', async () => {
    const { sha } = await open('history');
    const list = (path: string) => server.api('GET', `${repo}/commits?sha=history&path=${path}`);
    await expect(list('history.md')).resolves.toMatchObject({ body: [{ sha }] });
    await expect(list('missing.md')).resolves.toMatchObject({ body: [] });
  });

  it('include files, commits and reviews', async () => {
    const { number, sha } = await open('details');
    await expect(server.api('GET', `${repo}/pulls/${number}/files`)).resolves.toMatchObject({
      body: [{ filename: 'details.md', status: 'added', additions: 1 }],
    });
    await expect(server.api('GET', `${repo}/pulls/${number}/commits`)).resolves.toMatchObject({ body: [{ sha }] });
    const approval = { event: 'APPROVE' };
    await expect(server.api('POST', `${repo}/pulls/${number}/reviews`, octocat, approval)).resolves.toMatchObject({
      status: 422,
    });
    await server.control('/reviews', { repository: 'acme/docs', number, login: 'hubot', event: 'APPROVE' });
    await expect(server.api('GET', `${repo}/pulls/${number}/reviews`)).resolves.toMatchObject({
      body: [{ state: 'APPROVED', user: { login: 'hubot' }, commit_id: sha }],
    });
  });

  it('include comments, which users and apps create, edit and delete', async () => {
    const { number } = await open('commented');
    const comments = `${repo}/issues/${number}/comments`;
    const app = await server.createApp({ name: 'Comments' });
    const installation = await server.install(app.slug);
    const token = (level: string) => server.token(app, installation, { permissions: { pull_requests: level } });
    await expect(server.api('POST', comments, await token('read'), { body: 'No' })).resolves.toMatchObject({
      status: 403,
    });
    const written = await server.api('POST', comments, await token('write'), { body: 'Building' });
    expect(written).toMatchObject({
      status: 201,
      body: { user: { login: 'comments[bot]' }, performed_via_github_app: { slug: 'comments' } },
    });
    await server.api('POST', comments, octocat, { body: 'Thanks' });
    const own = `${repo}/issues/comments/${written.body.id}`;
    await expect(server.api('PATCH', own, await token('write'), { body: 'Built' })).resolves.toMatchObject({
      status: 200,
      body: { body: 'Built' },
    });
    await expect(server.api('PATCH', own, await token('write'), { body: ' ' })).resolves.toMatchObject({ status: 422 });
    await expect(server.api('GET', comments)).resolves.toMatchObject({ body: [{ body: 'Built' }, { body: 'Thanks' }] });
    const later = `${comments}?since=2999-01-01T00:00:00Z`;
    await expect(server.api('GET', later)).resolves.toMatchObject({ body: [] });
    await expect(server.api('DELETE', own, octocat)).resolves.toMatchObject({ status: 204 });
    await expect(server.api('PATCH', own, octocat, { body: 'x' })).resolves.toMatchObject({ status: 404 });
    await expect(server.api('GET', own)).resolves.toMatchObject({ status: 404 });
  });

  it('include the draft state, which an app changes that may also write contents', async () => {
    const { number } = await open('drafted');
    const { node_id: id } = (await server.api('GET', `${repo}/pulls/${number}`)).body;
    const app = await server.createApp({ name: 'Drafts' });
    const installation = await server.install(app.slug);
    const query = `mutation { convertPullRequestToDraft(input: { pullRequestId: "${id}" }) { pullRequest { isDraft } } }`;
    const convert = async (contents: string) => {
      const permissions = { pull_requests: 'write', contents };
      return server.send('POST', '/api/graphql', await server.token(app, installation, { permissions }), { query });
    };
    await expect(convert('read')).resolves.toMatchObject({ body: { errors: [{ type: 'FORBIDDEN' }] } });
    await expect(convert('write')).resolves.toMatchObject({
      body: { data: { convertPullRequestToDraft: { pullRequest: { isDraft: true } } } },
    });
  });

  it('allow a merge only if protection is met and the head is the expected one', async () => {
    const { number, sha } = await open('protected');
    const rule = { repository: 'acme/docs', branch: 'main', requiredApprovals: 1 };
    await server.send('PUT', '/_simulator/protections', undefined, rule);
    const merge = (body: object) => server.api('PUT', `${repo}/pulls/${number}/merge`, octocat, body);
    await expect(server.api('GET', `${repo}/pulls/${number}`)).resolves.toMatchObject({
      body: { mergeable_state: 'blocked' },
    });
    await expect(merge({ merge_method: 'squash' })).resolves.toMatchObject({ status: 405 });
    await server.send('DELETE', '/_simulator/protections', undefined, rule);
    await expect(merge({ sha: '1'.repeat(40) })).resolves.toMatchObject({ status: 409 });
    await expect(merge({ sha, merge_method: 'squash' })).resolves.toMatchObject({ status: 200 });
  });

  it('include updates of the head branch from the base', async () => {
    const { number, sha } = await open('behind');
    await server.git(clone, 'checkout', '--quiet', '-B', 'main', 'origin/main');
    await server.git(clone, 'pull', '--quiet');
    await server.commit(clone, 'ahead.md', 'x');
    await server.git(clone, 'push', '--quiet', 'origin', 'main');
    const update = (expected: string) =>
      server.api('PUT', `${repo}/pulls/${number}/update-branch`, octocat, { expected_head_sha: expected });
    await expect(update('1'.repeat(40))).resolves.toMatchObject({ status: 422 });
    await expect(update(sha)).resolves.toMatchObject({ status: 202 });
    await server.git(clone, 'fetch', '--quiet');
    await server.git(clone, 'merge-base', '--is-ancestor', 'origin/main', 'origin/behind');
  });

  it('include heads in forks', async () => {
    await server.control('/forks', { repository: 'acme/docs', owner: 'hubot' });
    clone = await server.clone('hubot/docs', 'hubot:hubot-password');
    const { number, sha } = await open('from-fork', 'hubot:from-fork');
    const pull = await server.api('GET', `${repo}/pulls/${number}`);
    expect(pull.body).toMatchObject({
      head: { sha, label: 'hubot:from-fork', repo: { full_name: 'hubot/docs', fork: true } },
    });
    const next = await server.commit(clone, 'more.md', 'x');
    await server.git(clone, 'push', '--quiet', 'origin', 'from-fork');
    await expect(server.api('GET', `${repo}/pulls/${number}`)).resolves.toMatchObject({
      body: { head: { sha: next } },
    });
    await expect(server.api('GET', '/repos/hubot/docs')).resolves.toMatchObject({
      body: { parent: { full_name: 'acme/docs' } },
    });
    await expect(server.api('PUT', `${repo}/pulls/${number}/merge`, octocat, {})).resolves.toMatchObject({
      status: 200,
    });
  });
});
