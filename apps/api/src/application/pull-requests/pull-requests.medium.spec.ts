import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { DeploymentEntity } from '@reunite/deployments';
import { encodePack, hashObject, serializeTree } from '@reunite/git-objects';
import { PullRequestEntity } from '@reunite/pull-requests';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

const HEAD = 'c'.repeat(40);

const detail = {
  ...{ body: '<script>alert(1)</script>', headRepository: 'acme/docs', baseCommit: HEAD },
  ...{ createdAt: '2026-01-01T00:00:00Z', additions: 1, deletions: 0, changedFiles: 1, reviews: [], commits: [] },
  readiness: { state: 'ready', reason: 'No conflict.', mergeable: true, behind: false, methods: ['squash'] },
  checks: [{ name: 'ci', state: 'success', description: null, url: null }],
};

describe('pull requests', () => {
  const api = useApi();
  let acme: Seeded;
  let path: string;
  /** Jobs that the worker received, and its next result. */
  let asked: Record<string, unknown>[];
  let answer: (payload: Record<string, unknown>) => unknown;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
    path = `/v1/projects/${acme.projectId}/pull-requests`;
    await api.work((payload) => {
      asked.push(payload);
      return answer(payload);
    });
  });

  beforeEach(() => {
    asked = [];
    answer = () => null;
  });

  const insert = async (number: number, own: Partial<PullRequestEntity>) => {
    const { repositoryId } = acme;
    await api.resources.dataSource.manager.insert(PullRequestEntity, {
      ...{ id: newId('pullRequest'), repositoryId, number, title: `Change ${number}`, state: 'open', draft: false },
      ...{ author: 'ada', headBranch: `b${number}`, headCommit: `${number}`.repeat(40), baseBranch: 'main' },
      ...{ fork: false, htmlUrl: 'https://x.example/1', updatedAt: new Date(), ...own },
    });
  };
  const report = (project: string, number: number, check: string, state: string) =>
    api.resources.dataSource.query(
      `INSERT INTO commit_status (repository_id, commit, context, state, description) VALUES ($1, $2, $3, $4, '')`,
      [acme.repositoryId, `${number}`.repeat(40), `Reunite (${project}): ${check}`, state],
    );
  const numbers = async (query: string) => {
    const { items } = await api.json('GET', `${path}?${query}`);
    return (items as { number: number }[]).map(({ number }) => number);
  };

  it('are listed by state, draft, checks, creator and text, in pages', async () => {
    const project = `Docs ${acme.projectId}`;
    await insert(5, { draft: true, title: '100% better_words', author: 'Grace' });
    await insert(6, { state: 'merged' });
    await insert(7, { fork: true });
    await report(project, 5, 'build', 'pending');
    await report(project, 5, 'build', 'failure');
    await report(project, 5, 'preview', 'success');
    await report(project, 6, 'build', 'success');
    // Another project on the same repository has statuses of its own.
    await report('Other', 7, 'build', 'failure');
    const page = await api.json('GET', `${path}?limit=3`);
    expect((page['items'] as { number: number; checks: string }[]).map((one) => [one.number, one.checks])).toEqual([
      [7, 'none'],
      [6, 'success'],
      [5, 'failure'],
    ]);
    expect(await numbers(`limit=3&after=${String(page['endCursor'])}`)).toEqual([4]);
    expect(await numbers('state=open')).toEqual([7, 5, 4]);
    expect([await numbers('draft=true'), await numbers('draft=false&state=open')]).toEqual([[5], [7, 4]]);
    expect([await numbers('checks=failure'), await numbers('checks=none')]).toEqual([[5], [7, 4]]);
    expect(await numbers('creator=grace')).toEqual([5]);
    expect([await numbers('search=100%25'), await numbers('search=%236'), await numbers('search=R_W')]).toEqual([
      [5],
      [6],
      [5],
    ]);
    expect((await api.call('GET', `${path}?checks=odd`)).status).toBe(400);
  });

  it('keep their statuses if only the case of the project name changes', async () => {
    await insert(8, {});
    await report(`DOCS ${acme.projectId}`, 8, 'build', 'pending');
    await report(`DOCS ${acme.projectId}`, 8, 'lint', 'failure');
    await report(`Docs ${acme.projectId}`, 8, 'build', 'success');
    expect([await numbers('checks=failure'), await numbers('checks=pending')]).toEqual([[8, 5], []]);
    await report(`Docs ${acme.projectId}`, 8, 'lint', 'success');
    expect(await numbers('checks=success')).toEqual([8, 6]);
    await api.resources.dataSource.manager.delete(PullRequestEntity, { number: 8 });
  });

  it('do not show a preview that a newer one of their branch replaced', async () => {
    const preview = async (commit: string, ...laterCommits: string[]) => {
      const id = newId('deployment');
      await api.resources.dataSource.manager.insert(DeploymentEntity, {
        ...{
          id,
          projectId: acme.projectId,
          environment: 'preview',
          refName: 'refs/heads/reused',
          commit,
          laterCommits,
        },
        ...{ tree: 't'.repeat(40), generation: 1, state: 'success', pages: 1, current: false },
      });
      return id.slice(4);
    };
    await insert(11, { state: 'merged', headBranch: 'reused', headCommit: '1'.repeat(40) });
    await insert(12, { headBranch: 'reused', headCommit: '3'.repeat(40) });
    await insert(13, { state: 'closed', headBranch: 'reused', headCommit: '4'.repeat(40) });
    await insert(14, { state: 'merged', headBranch: 'reused', headCommit: '6'.repeat(40) });
    const first = await preview('1'.repeat(40));
    // A head that changed nothing shares what was built; later the branch was forced back.
    const shared = await preview('5'.repeat(40), '6'.repeat(40));
    await preview('5'.repeat(40));
    const second = await preview('2'.repeat(40));
    const { items } = await api.json('GET', `${path}?limit=4`);
    const shown = (items as { number: number; previewUrl: string | null }[]).map((one) => [one.number, one.previewUrl]);
    expect(shown).toEqual([
      [14, expect.stringContaining(shared)],
      [13, null],
      [12, expect.stringContaining(second)],
      [11, expect.stringContaining(first)],
    ]);
    answer = () => detail;
    expect(await api.json('GET', `${path}/13`)).toMatchObject({ deployment: null });
    expect(await api.json('GET', `${path}/11`)).toMatchObject({ deployment: { id: `dep_${first}` } });
    expect(await api.json('GET', `${path}/14`)).toMatchObject({ deployment: { id: `dep_${shared}` } });
    await api.resources.dataSource.manager.delete(PullRequestEntity, { headBranch: 'reused' });
  });

  it('are returned as on the server, with the preview and its deployment', async () => {
    answer = () => detail;
    const shown = await api.json('GET', `${path}/4`);
    expect(asked).toEqual([expect.objectContaining({ repositoryId: acme.repositoryId, number: 4 })]);
    expect(shown).toMatchObject({ ...detail, pullRequest: { number: 4 }, deployment: { id: acme.previewId } });
    for (const odd of ['0', '-1', '4.5', '99999999999', 'x']) {
      expect((await api.call('GET', `${path}/${odd}`)).status).toBe(404);
    }
  });

  it('show why the comment of the project is missing, unless the project writes none', async () => {
    answer = () => detail;
    const problem = 'The app lacks a permission.';
    const { projectId } = acme;
    await api.resources.dataSource.query(
      'INSERT INTO pull_request_comment (project_id, number, problem) VALUES ($1, 4, $2)',
      [projectId, problem],
    );
    expect(await api.json('GET', `${path}/4`)).toMatchObject({ commentProblem: null });
    await api.resources.dataSource.query('UPDATE project SET pull_request_comments = true WHERE id = $1', [projectId]);
    expect(await api.json('GET', `/v1/projects/${projectId}`)).toMatchObject({ pullRequestComments: true });
    expect(await api.json('GET', `${path}/4`)).toMatchObject({ commentProblem: problem });
  });

  it('have files in pages, those outside of the project marked', async () => {
    const file = { previousPath: null, status: 'modified', additions: 1, deletions: 0, patch: '', patchMissing: null };
    answer = ({ page }) => ({
      ...{ files: [{ ...file, path: page === 1 ? 'docs/a.md' : 'b.md' }], more: page === 1, head: HEAD },
    });
    const first = await api.json('GET', `${path}/4/files?limit=1`);
    const second = await api.json('GET', `${path}/4/files?limit=50&after=${String(first['endCursor'])}`);
    expect(asked.map(({ page, limit, head }) => [page, limit, head])).toEqual([
      [1, 1, undefined],
      [2, 1, HEAD],
    ]);
    expect([first['items'], second['items']]).toMatchObject([[{ inProject: true }], [{ inProject: false }]]);
    expect(second['endCursor']).toBeNull();
    for (const odd of ['x'.repeat(8), Buffer.from('2-100').toString('base64url')]) {
      expect((await api.call('GET', `${path}/4/files?after=${odd}`)).status).toBe(400);
    }
    answer = () => {
      throw Object.assign(new Error('It has moved on. List from the start.'), { code: 'conflict', retryable: false });
    };
    const moved = await api.json('GET', `${path}/4/files?after=${String(first['endCursor'])}`);
    expect(moved).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('from the start') });
  });

  it('return both sides of a changed file, and no other file of the repository', async () => {
    const objects: { type: 'blob' | 'tree' | 'commit'; body: Buffer }[] = [];
    const put = (type: 'blob' | 'tree' | 'commit', body: Buffer) => {
      objects.push({ type, body });
      return hashObject(type, body);
    };
    const snapshot = (text: string) => {
      const file = (name: string, body: string | Buffer) =>
        ({ mode: '100644', name, id: put('blob', Buffer.from(body)) }) as const;
      const files = [file('a.md', text), file('same.md', 'Same')];
      if (text === 'After') files.unshift(file('Logo.png', Buffer.from([0x89, 0, 1])));
      files.push(file(text === 'After' ? 'z.md' : 'y.md', 'Moved'));
      const tree = put('tree', serializeTree(files));
      const who = 'Ada <ada@example.com> 1700000000 +0000';
      return { tree, commit: put('commit', Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${text}\n`)) };
    };
    const [before, after] = [snapshot('Before'), snapshot('After')];
    const stored = api.resources.content.repository(acme.repositoryId);
    await stored.ingestPack([encodePack(objects).pack], { commit: after.commit });
    await stored.ingestPack([encodePack(objects).pack], { commit: before.commit });
    answer = () => ({ before, after });
    const side = (name: string, previous?: string) =>
      api.json(
        'GET',
        `${path}/4/files/content?${new URLSearchParams({ path: name, ...(previous && { previousPath: previous }) })}`,
      );
    expect(await side('a.md')).toEqual({
      path: 'a.md',
      before: { commit: before.commit, kind: 'file', text: 'Before', bytes: 6 },
      after: { commit: after.commit, kind: 'file', text: 'After', bytes: 5 },
    });
    expect(await side('Logo.png')).toMatchObject({ before: { kind: 'absent' }, after: { text: null, bytes: 3 } });
    expect(await side('same.md')).toMatchObject({ status: 404 });
    expect(await side('z.md', 'y.md')).toMatchObject({ before: { text: 'Moved' }, after: { text: 'Moved' } });
    const noRename = [
      ['same.md', 'nothere.md'],
      ['nothere.md', 'same.md'],
      ['z.md', 'same.md'],
      ['same.md', 'y.md'],
      ['a.md', 'y.md'],
    ] as const;
    for (const [name, previous] of noRename) expect(await side(name, previous)).toMatchObject({ status: 404 });
    expect(await side('../a.md')).toMatchObject({ status: 400 });
    answer = () => ({ before, after: { ...after, tree: null } });
    expect(await side('docs/a.md')).toMatchObject({ before: { kind: 'absent' }, after: { kind: 'not-synced' } });
    expect(await side('a.md')).toMatchObject({ status: 404 });
  });

  it('are opened as drafts by default, once per idempotency key', async () => {
    answer = () => ({ number: 4 });
    const body = { title: '  Words ', headBranch: 'fix' };
    const headers = { 'idempotency-key': 'open-1' };
    const opened = await api.call('POST', path, { body, headers, as: 'grace' });
    expect([opened.status, await opened.json()]).toEqual([201, expect.objectContaining({ number: 4 })]);
    await api.call('POST', path, { body, headers, as: 'grace' });
    const wanted = { title: 'Words', body: '', headBranch: 'fix', baseBranch: 'main', draft: true };
    expect(asked).toEqual([
      expect.objectContaining({ ...wanted, actor: expect.objectContaining({ subject: expect.any(String) }) }),
    ]);
  });

  it('are opened even if the worker could not mirror them', async () => {
    answer = async (payload) => {
      if ('title' in payload) return { number: 9 };
      await insert(9, {});
      return detail;
    };
    const opened = await api.json('POST', path, { body: { title: 'Words', headBranch: 'fix' } });
    expect(opened).toMatchObject({ number: 9 });
    expect(asked).toHaveLength(2);
  });

  it.each([
    [{ title: 'x'.repeat(256), headBranch: 'fix' }, 'title', /255/],
    [{ title: ' ', headBranch: 'fix' }, 'title', /title/],
    [{ title: 'Words', headBranch: 'main' }, 'headBranch', /another branch/],
    [{ title: 'Words', headBranch: 'a', baseBranch: 'a' }, 'headBranch', /another branch/],
    [{ title: 'Words', headBranch: 'stranger:main' }, 'headBranch', /No branch/],
    [{ title: 'Words', headBranch: 'a', baseBranch: '../x' }, 'baseBranch', /No branch/],
  ])('reject %j at its field', async (body, field, message) => {
    const problem = await api.json('POST', path, { body });
    expect(problem).toMatchObject({
      status: 400,
      violations: [{ path: field, message: expect.stringMatching(message) }],
    });
    expect(asked).toEqual([]);
  });

  it('are edited, merged and updated for the caller, who receives the errors of the server', async () => {
    expect(await api.json('PATCH', `${path}/4`, { body: { draft: false } })).toMatchObject({ number: 4 });
    answer = () => ({ commit: HEAD });
    const merge = { method: 'squash', headCommit: HEAD };
    expect(await api.json('POST', `${path}/4/merge`, { body: merge })).toMatchObject({
      ...{ commit: HEAD, pullRequest: { number: 4 } },
    });
    answer = () => null;
    expect((await api.call('POST', `${path}/4/update-branch`, { body: { headCommit: HEAD } })).status).toBe(202);
    expect(asked.map(({ draft, method, headCommit }) => [draft, method, headCommit])).toEqual([
      [false, undefined, undefined],
      [undefined, 'squash', HEAD],
      [undefined, undefined, HEAD],
    ]);
    answer = () => {
      throw Object.assign(new Error('The branch has moved on.'), { code: 'conflict', retryable: false });
    };
    expect(await api.json('POST', `${path}/4/merge`, { body: merge })).toMatchObject({
      ...{ status: 409, code: 'conflict', detail: 'The branch has moved on.' },
    });
    for (const body of [{}, { state: 'merged' }, { title: '' }]) {
      expect((await api.call('PATCH', `${path}/4`, { body })).status).toBe(400);
    }
    expect((await api.call('POST', `${path}/4/merge`, { body: { headCommit: 'main' } })).status).toBe(400);
  });
});
