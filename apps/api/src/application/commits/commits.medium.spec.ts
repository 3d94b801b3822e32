import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { PullRequestEntity } from '@reunite/pull-requests';
import { readCommitRequest } from '@reunite/repositories';
import type { StoredCommitRequest } from '@reunite/repositories';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

const HEAD = 'c'.repeat(40);
const NEXT = 'd'.repeat(40);

describe('commits and branches', () => {
  const api = useApi(() =>
    Promise.resolve({ COMMIT_MAX_FILES: '5', COMMIT_MAX_FILE_BYTES: '3000000', COMMIT_MAX_BYTES: '4000000' }),
  );
  let acme: Seeded;
  /** Jobs that the worker received, and its next result. */
  let asked: Record<string, unknown>[];
  let requests: (StoredCommitRequest | null)[];
  let answer: (payload: Record<string, unknown>) => unknown;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
    const handle = async (payload: Record<string, unknown>) => {
      asked.push(payload);
      const db = api.resources.dataSource.manager;
      if ('requestId' in payload) requests.push(await readCommitRequest(db, String(payload['requestId'])));
      return answer(payload);
    };
    await api.work(handle, ['makeCommit', 'createBranch', 'deleteBranch', 'syncBranch']);
  });

  beforeEach(() => {
    asked = [];
    requests = [];
    answer = () => ({ outcome: 'made', branch: 'main', commit: NEXT, author: null });
  });

  const path = (below: string) => `/v1/projects/${acme.projectId}/${below}`;
  const commit = (changes: object[], more: object = {}) => ({
    body: { branch: 'main', expectedHead: HEAD, message: 'Edit', changes, ...more },
  });
  const write = (file: string, content = 'x') => ({ action: 'write', path: file, content });

  describe('attack: publishing through the editor with the role write', () => {
    const setMode = async (productionCommits: string) =>
      (await api.call('PATCH', `/v1/projects/${acme.projectId}`, { body: { productionCommits } })).status;
    const commitAs = async (as: string, branch = 'main') => {
      const response = await api.call('POST', path('commits'), { as, ...commit([write('index.md')], { branch }) });
      return { status: response.status, detail: ((await response.json()) as { detail?: string }).detail ?? '' };
    };
    afterAll(() => setMode('write'));

    it('is denied for every role if production accepts pull requests only', async () => {
      expect(await setMode('pull-request')).toBe(200);
      for (const as of ['grace', 'ada']) {
        const { status, detail } = await commitAs(as);
        expect([status, detail]).toEqual([403, expect.stringContaining('open a pull request')]);
      }
      expect((await commitAs('grace', 'fix')).status).toBe(201);
      expect(asked).toHaveLength(1);
    });

    it('requires maintain if the project is configured so', async () => {
      expect(await setMode('maintain')).toBe(200);
      expect((await commitAs('grace')).status).toBe(403);
      expect((await commitAs('ada')).status).toBe(201);
    });

    it('is denied for a new branch and a merge that would become production', async () => {
      expect(await setMode('pull-request')).toBe(200);
      const created = await api.call('POST', path('branches'), { as: 'grace', body: { name: 'main', from: 'fix' } });
      expect(created.status).toBe(403);
    });

    it('is denied by the default of a new project', async () => {
      const body = { name: 'Protected', repositoryId: acme.repositoryId, productionBranch: 'live' };
      const { id, productionCommits } = await api.json('POST', '/v1/projects', { body });
      expect(productionCommits).toBe('pull-request');
      expect((await commitAs('ada', 'live')).status).toBe(403);
      await api.call('DELETE', `/v1/projects/${String(id)}`);
    });
  });

  it('passes many files to the worker, with their paths below the root folder', async () => {
    const changes = [
      write('index.md', '# Grüße\n'),
      { action: 'write', path: 'logo.png', content: '/wCA', encoding: 'base64' },
      { action: 'rename', from: 'old.md', path: 'guides/new.md' },
      { action: 'chmod', path: 'run.sh', executable: true },
      { action: 'delete', path: 'gone.md' },
    ];
    const key = { headers: { 'idempotency-key': 'commit-1' } };
    const created = await api.call('POST', path('commits'), { as: 'grace', ...commit(changes), ...key });
    expect(created.status).toBe(201);
    expect(await created.json()).toEqual({ branch: 'main', commit: NEXT, author: null });
    expect(asked[0]).toMatchObject({
      actor: { subject: expect.any(String), name: expect.any(String) },
    });
    expect(JSON.stringify(asked)).not.toContain('Grüße');
    const unchanged = { from: null, content: null, executable: null, upload: null };
    expect(requests[0]).toMatchObject({ repositoryId: acme.repositoryId, branch: 'main', expectedHead: HEAD });
    expect(requests[0]?.changes).toEqual([
      { ...unchanged, action: 'write', path: 'docs/index.md', content: Buffer.from('# Grüße\n') },
      { ...unchanged, action: 'write', path: 'docs/logo.png', content: Buffer.from([0xff, 0, 0x80]) },
      { ...unchanged, action: 'rename', path: 'docs/guides/new.md', from: 'docs/old.md' },
      { ...unchanged, action: 'chmod', path: 'docs/run.sh', executable: true },
      { ...unchanged, action: 'delete', path: 'docs/gone.md' },
    ]);
    const again = await api.json('POST', path('commits'), { as: 'grace', ...commit(changes), ...key });
    expect([again['commit'], asked.length]).toEqual([NEXT, 1]);
  });

  it('names the files of a conflict relative to the root folder', async () => {
    answer = () => ({ outcome: 'conflict', head: NEXT, files: ['docs/index.md'] });
    const rejected = await api.json('POST', path('commits'), commit([write('index.md')]));
    const violations = [{ path: 'index.md' }];
    expect(rejected).toMatchObject({ status: 409, code: 'commit-conflict', head: NEXT, violations });
    expect(rejected['detail']).toContain(NEXT);
    answer = () => ({ outcome: 'conflict', head: NEXT, files: [] });
    const moved = await api.json('POST', path('commits'), commit([write('index.md')]));
    expect(moved).toMatchObject({ status: 409, head: NEXT, detail: expect.stringContaining('None of your files') });
  });

  it.each([
    ...['../x.md', 'a/../x.md', '/etc/passwd', '.git/config', 'a/.GIT/x', 'a\\b', './a', 'a//b', 'a\u0000', ''],
    'x'.repeat(256),
  ])('rejects the path %j', async (bad) => {
    const rejected = await api.json('POST', path('commits'), commit([write(bad)]));
    expect([rejected['status'], asked]).toEqual([400, []]);
    const renamed = await api.json('POST', path('commits'), commit([{ action: 'rename', from: bad, path: 'a.md' }]));
    expect([renamed['status'], asked]).toEqual([400, []]);
  });

  it.each([
    [commit([]), 'Change something'],
    [commit([write('a.md')], { message: ' ' }), 'Say what'],
    [commit([write('a.md')], { message: 'a\u0007' }), 'control characters'],
    [commit([write('a.md')], { branch: 'a b' }), 'A name holds'],
    [commit([write('a.md')], { expectedHead: 'main' }), '40 hexadecimal'],
    [commit([write('a.md', 'x'.repeat(3_000_001))]), 'the limit is 3000000'],
    [commit([write('a.md', 'x'.repeat(2_500_000)), write('b.md', 'x'.repeat(2_500_000))]), 'the limit is 4000000'],
    [commit('abcdef'.split('').map((name) => write(name))), 'at most 5 files'],
    [commit([{ ...write('a.md', 'no base64!'), encoding: 'base64' }]), 'is no base64'],
    [commit([write('a.md', 'half \ud800')]), 'is no text'],
  ])('rejects invalid input: %#', async (options, why) => {
    const rejected = await api.json('POST', path('commits'), options);
    expect(rejected).toMatchObject({ status: 400, detail: expect.stringContaining(why) });
    expect(asked).toEqual([]);
  });

  it('reads large bodies only for commits of authenticated callers', async () => {
    const large = commit([write('a.md', 'x'.repeat(2_000_000))]);
    expect((await api.call('POST', path('commits'), large)).status).toBe(201);
    expect((await api.call('POST', path('commits'), { ...large, as: null })).status).toBe(401);
    expect((await api.call('POST', path('branches'), { body: { name: 'x'.repeat(2_000_000) } })).status).toBe(413);
    expect((await api.call('POST', path('commits'), commit([write('a.md', 'x'.repeat(9_000_000))]))).status).toBe(413);
  });

  it('returns the errors of the worker', async () => {
    answer = () => {
      throw Object.assign(new Error('The app needs the permission "Contents: write".'), {
        code: 'forbidden',
        retryable: false,
      });
    };
    const rejected = await api.json('POST', path('commits'), commit([write('a.md')]));
    expect(rejected).toMatchObject({ status: 403, detail: expect.stringContaining('Contents: write') });
  });

  it('creates branches from the production branch, and syncs them with it', async () => {
    answer = () => ({ commit: HEAD });
    const made = await api.call('POST', path('branches'), { as: 'grace', body: { name: 'docs/new' } });
    expect([made.status, await made.json()]).toEqual([201, { name: 'docs/new', commit: HEAD }]);
    expect(asked[0]).toMatchObject({ repositoryId: acme.repositoryId, name: 'docs/new', from: 'main' });
    // A job that starts after this deadline would run after the caller got a timeout.
    expect(Date.parse(String(asked[0]?.['deadline'])) - Date.now()).toBeLessThanOrEqual(30_000);
    expect((await api.call('POST', path('branches'), { body: { name: 'a..b' } })).status).toBe(400);

    answer = () => ({ outcome: 'merged', commit: NEXT });
    const synced = await api.json('POST', path('branches/sync'), { body: { name: 'docs/new' } });
    expect(synced).toEqual({ outcome: 'merged', commit: NEXT });
    expect(asked[1]).toMatchObject({ name: 'docs/new', from: 'main' });
    expect((await api.call('POST', path('branches/sync'), { body: { name: 'main' } })).status).toBe(400);
  });

  it('deletes branches, except the production branch and, without confirmation, those of open pull requests', async () => {
    answer = () => null;
    const remove = (query: string) => api.json('DELETE', path(`branches?${query}`));
    for (const elsewhere of ['', '..%2Ftags%2Fv1', 'a%2F..%2F..%2Fb', '%2Fa', 'a%2F', 'a%2F%2Fb']) {
      expect((await remove(`name=${elsewhere}`))['status']).toBe(400);
    }
    expect(await remove('name=main')).toMatchObject({
      status: 403,
      detail: expect.stringContaining('default'),
    });
    const renamed = `UPDATE repository SET default_branch = 'trunk' WHERE id = $1`;
    await api.resources.dataSource.query(renamed, [acme.repositoryId]);
    expect(await remove('name=main')).toMatchObject({
      status: 403,
      detail: expect.stringContaining('production'),
    });
    const open = { status: 409, code: 'pull-requests-open' };
    expect(await remove('name=fix')).toMatchObject({ ...open, detail: expect.stringContaining('#4') });
    const reach = (reached: boolean) =>
      api.resources.dataSource.query('UPDATE repository SET available = $2 WHERE id = $1', [
        ...[acme.repositoryId, reached],
      ]);
    await reach(false);
    expect(await remove('name=fix')).toMatchObject({ status: 409, code: 'conflict' });
    await reach(true);
    await api.resources.dataSource.manager.insert(PullRequestEntity, {
      ...{ id: newId('pullRequest'), repositoryId: acme.repositoryId, number: 8, title: 'Stacked', state: 'open' },
      ...{ draft: false, author: 'ada', headBranch: 'stacked', headCommit: HEAD, baseBranch: 'fix', fork: true },
      ...{ htmlUrl: 'https://x.example/8', updatedAt: new Date() },
    });
    const both = /open: from it #4 ".*"; into it #8 "Stacked"\. The server closes them/;
    expect(await remove('name=fix')).toMatchObject({ ...open, detail: expect.stringMatching(both) });
    expect(asked).toEqual([]);
    expect((await api.call('DELETE', path('branches?name=fix&closePullRequests=true'))).status).toBe(204);
    expect((await api.call('DELETE', path('branches?name=other'))).status).toBe(204);
    expect(asked.map(({ name }) => name)).toEqual(['fix', 'other']);
  });
});
