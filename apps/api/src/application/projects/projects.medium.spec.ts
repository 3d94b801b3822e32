import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { jobs, newId } from '@reunite/contracts';
import { DeliveryEntity, shardOf } from '@reunite/deliveries';
import { DeploymentEntity } from '@reunite/deployments';
import { GitRefEntity, RepositoryEntity } from '@reunite/repositories';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

interface Listed {
  readonly items: Record<string, unknown>[];
  readonly endCursor: string | null;
}

describe('projects', () => {
  const api = useApi();
  let acme: Seeded;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
  });

  const list = async (path: string) => (await api.json('GET', path)) as unknown as Listed;
  /** Every item of a list, page by page. */
  const listAll = async (path: string): Promise<Record<string, unknown>[]> => {
    const items = [];
    let page = await list(path);
    for (;;) {
      items.push(...page.items);
      if (page.endCursor === null) return items;
      page = await list(`${path}${path.includes('?') ? '&' : '?'}after=${page.endCursor}`);
    }
  };

  it('returns a project with its sync state and its production deployment', async () => {
    expect(await api.json('GET', `/v1/projects/${acme.projectId}`)).toMatchObject({
      connectionId: acme.connectionId,
      repository: 'acme/docs',
      productionUrl: `http://${acme.projectId.replace('_', '-')}.preview.localhost:4400/`,
      sync: { state: 'synced', commit: 'c'.repeat(40), error: null },
    });
    expect(await api.json('GET', `/v1/projects/${acme.projectId}/branches`)).toEqual({
      items: [{ name: 'main', commit: 'c'.repeat(40) }],
    });
  });

  it('connects a repository, and requests a sync of its branch', async () => {
    const queue = jobs.syncRef.queue;
    const before = await api.resources.producer.depth(queue);
    const body = { repositoryId: acme.repositoryId, name: 'New', productionBranch: 'next', rootFolder: '/docs/' };
    const created = await api.call('POST', '/v1/projects', { body });
    expect(created.status).toBe(201);
    const project = (await created.json()) as { id: string };
    expect(project).toMatchObject({ rootFolder: 'docs', productionUrl: null, sync: { state: 'waiting' } });
    expect(await api.resources.producer.depth(queue)).toBe(before + 1);
    const wanted = { repositoryId: acme.repositoryId, name: 'refs/heads/next' };
    const ref = await api.resources.dataSource.manager.findOneByOrFail(GitRefEntity, wanted);
    expect(ref).toMatchObject({ desiredCommit: null, syncedGeneration: 0 });

    expect((await api.call('POST', '/v1/projects', { body })).status).toBe(409);
    const sameToServers = await api.json('POST', '/v1/projects', { body: { ...body, name: 'NEW' } });
    expect(sameToServers).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('"NEW"') });
    expect((await api.call('DELETE', `/v1/projects/${project.id}`)).status).toBe(204);
    expect((await api.call('GET', `/v1/projects/${project.id}`)).status).toBe(404);
  });

  it.each(['../etc', 'docs/../..', '.git', 'a\\b', 'docs\u0000'])('rejects the root folder %j', async (rootFolder) => {
    const body = { repositoryId: acme.repositoryId, name: 'Bad', productionBranch: 'main', rootFolder };
    const problem = await api.json('POST', '/v1/projects', { body });
    expect(problem).toMatchObject({ status: 400, violations: [{ path: 'rootFolder' }] });
  });

  it('rejects a repository that the app can no longer access', async () => {
    const gone = await seed(api.resources.dataSource, 'org_acme');
    await api.resources.dataSource.manager.update(RepositoryEntity, gone.repositoryId, { available: false });
    const body = { repositoryId: gone.repositoryId, name: 'Gone', productionBranch: 'main' };
    expect(await api.json('POST', '/v1/projects', { body })).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('returns the error of a failed sync, and whether the branch is missing', async () => {
    const failing = await seed(api.resources.dataSource, 'org_acme');
    const db = api.resources.dataSource.manager;
    const sync = async () => (await api.json('GET', `/v1/projects/${failing.projectId}`))['sync'];
    await db.update(GitRefEntity, { repositoryId: failing.repositoryId }, { error: 'The repository is empty.' });
    expect(await sync()).toMatchObject({ state: 'failed', error: 'The repository is empty.', commit: 'c'.repeat(40) });
    await db.update(GitRefEntity, { repositoryId: failing.repositoryId }, { error: null, syncedCommit: null });
    expect(await sync()).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('The server has no branch "main".'),
    });
  });

  it('lists deployments, deliveries and repositories in pages that neither lose nor repeat a row', async () => {
    const things = await seed(api.resources.dataSource, 'org_acme');
    const db = api.resources.dataSource.manager;
    const { connectionId, projectId } = things;
    const build = { projectId, environment: 'preview' as const, commit: 'c', tree: 't', state: 'failed' as const };
    for (let i = 0; i < 5; i++) {
      await db.insert(DeploymentEntity, {
        ...build,
        id: newId('deployment'),
        refName: `refs/heads/b${i}`,
        generation: i,
      });
      const delivery = { id: newId('delivery'), guid: `guid-${i}`, event: 'push', size: 2 };
      await db.insert(DeliveryEntity, { ...delivery, connectionId, shard: shardOf(connectionId), key: randomUUID() });
      const repository = { id: newId('repository'), githubId: 10 + i, owner: `o${i % 2}`, name: `name_${i}` };
      const reached = { connectionId, installationId: 9, defaultBranch: 'main', private: false, available: true };
      await db.insert(RepositoryEntity, { ...repository, ...reached });
    }
    const deployments = await listAll(`/v1/projects/${projectId}/deployments?limit=2`);
    expect(new Set(deployments.map(({ id }) => id)).size).toBe(7);
    expect(deployments.map(({ id }) => id)).toEqual(
      deployments
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    expect(await listAll(`/v1/connections/${connectionId}/deliveries?limit=3`)).toHaveLength(6);
    const repositories = await listAll(`/v1/connections/${connectionId}/repositories?limit=2`);
    const names = repositories.map(({ owner, name }) => `${owner as string}/${name as string}`);
    expect(names).toEqual(['acme/docs', 'o0/name_0', 'o0/name_2', 'o0/name_4', 'o1/name_1', 'o1/name_3']);
    const named = async (query: string) =>
      (await list(`/v1/connections/${connectionId}/repositories?${query}`)).items.map(({ name }) => name);
    expect(await named('owner=O1')).toEqual(['name_1', 'name_3']);
    expect(await named('search=NAME_1')).toEqual(['name_1']);
    expect(await named('search=%25')).toEqual([]);
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'after=%00', 'after=***'])('rejects the page %s', async (query) => {
    expect((await api.call('GET', `/v1/projects?${query}`)).status).toBe(400);
  });

  it('rejects a change of settings that another caller changed after they were read', async () => {
    const path = `/v1/projects/${acme.projectId}`;
    const etag = (await api.call('GET', path)).headers.get('etag') ?? '';
    const change = (name: string) => api.call('PATCH', path, { body: { name }, headers: { 'if-match': etag } });
    const first = await change('First');
    expect([first.status, first.headers.get('etag')]).not.toEqual([200, etag]);
    const second = await change('Second');
    expect([second.status, await second.json()]).toEqual([
      412,
      expect.objectContaining({ code: 'precondition-failed' }),
    ]);
    expect(await api.json('GET', path)).toMatchObject({ name: 'First' });
  });

  it.each([
    ['search=fix', 1],
    ['search=FIX', 1],
    ['search=cccccc', 2],
    ['search=no_such', 0],
    ['search=%25', 0],
    ['since=2020-01-01T00:00:00Z', 2],
    ['until=2020-01-01T00:00:00Z', 0],
  ])('finds deployments by %s', async (query, count) => {
    const things = await seed(api.resources.dataSource, 'org_acme');
    const { items } = await api.json('GET', `/v1/projects/${things.projectId}/deployments?${query}`);
    expect(items).toHaveLength(count);
  });

  it('finds a deployment by its id, the title of its pull request and the name of who started it', async () => {
    const things = await seed(api.resources.dataSource, 'org_acme');
    await api.resources.dataSource.query(`UPDATE pull_request SET title = 'Explain it' WHERE repository_id = $1`, [
      things.repositoryId,
    ]);
    const { manager } = api.resources.dataSource;
    await manager.update(DeploymentEntity, things.previewId, { triggeredByName: 'Ada Lovelace' });
    for (const search of [things.previewId, 'explain', 'lovelace']) {
      const { items } = await api.json('GET', `/v1/projects/${things.projectId}/deployments?search=${search}`);
      expect(items).toEqual([expect.objectContaining({ id: things.previewId })]);
    }
  });

  it('lists pull requests with the newest preview of their branch', async () => {
    const { items } = await list(`/v1/projects/${acme.projectId}/pull-requests?state=open`);
    const preview = `http://${acme.previewId.replace('_', '-')}.preview.localhost:4400/`;
    expect(items).toEqual([expect.objectContaining({ number: 4, headBranch: 'fix', previewUrl: preview })]);
    expect((await list(`/v1/projects/${acme.projectId}/pull-requests?state=merged`)).items).toEqual([]);
    expect((await api.call('GET', `/v1/projects/${acme.projectId}/pull-requests?state=odd`)).status).toBe(400);
  });

  it('returns a deployment and its log', async () => {
    expect(await api.json('GET', `/v1/deployments/${acme.deploymentId}`)).toMatchObject({
      environment: 'production',
      branch: 'main',
      state: 'success',
      current: true,
      url: `http://${acme.deploymentId.replace('_', '-')}.preview.localhost:4400/`,
    });
    const log = await list(`/v1/deployments/${acme.deploymentId}/log`);
    expect(log.items).toEqual([expect.objectContaining({ level: 'info', message: 'Built.', file: null })]);
  });

  it('returns the findings of a deployment’s checks with their locations', async () => {
    const { items } = await list(`/v1/deployments/${acme.deploymentId}/checks`);
    const finding = { severity: 'error', rule: 'link-broken', message: 'leads to no page', file: 'index.md', line: 3 };
    expect(items).toEqual([
      {
        ...{ name: 'links', state: 'failure', summary: '1 error', errors: 1, warnings: 0 },
        ...{ newErrors: null, newWarnings: null, finishedAt: expect.any(String) },
        findings: [{ ...finding, column: null, isNew: null }],
      },
    ]);
    expect((await list(`/v1/deployments/${acme.previewId}/checks`)).items).toEqual([]);
  });

  it('reads branches through a worker, and returns its error', async () => {
    const answers: (() => { branches: { name: string; commit: string }[] })[] = [
      () => ({ branches: [{ name: 'main', commit: 'a'.repeat(40) }] }),
      () => {
        throw Object.assign(new Error('The server denied it.'), { code: 'ghes-forbidden', retryable: false });
      },
    ];
    await api.work(() => answers.shift()!(), ['listBranches']);
    const path = `/v1/repositories/${acme.repositoryId}/branches`;
    expect(await api.json('GET', path)).toEqual({ items: [{ name: 'main', commit: 'a'.repeat(40) }] });
    const rejected = await api.json('GET', path);
    expect(rejected).toMatchObject({ status: 502, code: 'ghes-forbidden', detail: 'The server denied it.' });
  });
});
