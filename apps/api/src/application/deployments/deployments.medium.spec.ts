import { beforeEach, describe, expect, it } from '@jest/globals';
import { jobs, newId } from '@reunite/contracts';
import type { Deployment } from '@reunite/contracts';
import { DeploymentEntity } from '@reunite/deployments';
import { GitRefEntity } from '@reunite/repositories';
import type { TestApi } from '../../../test/test-api.js';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('deployments and settings', () => {
  const api = useApi();
  let acme: Seeded;
  beforeEach(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
  });
  const depth = (job: { readonly queue: string }) => api.resources.producer.depth(job.queue);
  const act = (id: string, action: string, options: Parameters<TestApi['call']>[2] = {}) =>
    api.call('POST', `/v1/deployments/${id}/${action}`, options);
  const listed = async (query: string) => {
    const page = await api.json('GET', `/v1/projects/${acme.projectId}/deployments?${query}`);
    return (page['items'] as Deployment[]).map(({ id }) => id);
  };

  it('creates one deployment per redeploy and enqueues its build and statuses', async () => {
    const before = [await depth(jobs.buildDeployment), await depth(jobs.sendCommitStatuses)];
    const headers = { 'idempotency-key': newId('deployment') };
    const answer = await act(acme.deploymentId, 'redeploy', { headers });
    expect(answer.status).toBe(201);
    const made = (await answer.json()) as Deployment;
    expect(made).toMatchObject({
      ...{ state: 'queued', environment: 'production', current: false, url: null, startedAt: null },
      ...{ trigger: 'redeploy', triggeredBy: 'Ada', sourceId: acme.deploymentId },
    });
    expect(await (await act(acme.deploymentId, 'redeploy', { headers })).json()).toEqual(made);
    const after = [await depth(jobs.buildDeployment), await depth(jobs.sendCommitStatuses)];
    expect([after[0]! - before[0]!, after[1]! > before[1]!]).toEqual([1, true]);
    const row = await api.resources.dataSource.manager.findOneByOrFail(DeploymentEntity, { id: made.id });
    expect(row.triggeredBySubject).toBe('local|ada');
    const conflict = await act(acme.deploymentId, 'redeploy');
    expect([conflict.status, await conflict.json()]).toMatchObject([409, { code: 'conflict' }]);
    expect(await (await act(made.id, 'cancel')).json()).toMatchObject({ state: 'skipped', reason: 'Cancelled by Ada' });
    expect((await act(made.id, 'cancel')).status).toBe(409);
  });

  it('promotes a preview, unless production already shows it', async () => {
    const before = await depth(jobs.promoteDeployment);
    expect(await (await act(acme.previewId, 'promote')).json()).toMatchObject({
      ...{ environment: 'production', branch: 'fix', state: 'queued', trigger: 'promote', sourceId: acme.previewId },
    });
    expect(await depth(jobs.promoteDeployment)).toBe(before + 1);
    expect((await act(acme.deploymentId, 'promote')).status).toBe(409);
  });

  it.each(['redeploy', 'promote', 'cancel'])('denies %s below the role maintain', async (action) => {
    const answer = await act(acme.previewId, action, { as: 'grace' });
    expect([answer.status, await answer.json()]).toMatchObject([403, { detail: expect.stringContaining('maintain') }]);
  });

  it('lists by environment, state and branch', async () => {
    const failed = { id: newId('deployment'), refName: 'refs/pull/4/head', state: 'failed' as const };
    const content = { commit: 'c', tree: 't', generation: 1, environment: 'preview' as const };
    const { manager } = api.resources.dataSource;
    await manager.insert(DeploymentEntity, { ...failed, ...content, projectId: acme.projectId });
    expect(await listed('environment=production')).toEqual([acme.deploymentId]);
    expect(await listed('branch=fix')).toEqual([acme.previewId]);
    expect(await listed('branch=pull/4/head')).toEqual([failed.id]);
    expect(await listed('environment=preview&state=failed')).toEqual([failed.id]);
    expect(await listed('state=timed_out')).toEqual([]);
    const path = `/v1/projects/${acme.projectId}/deployments`;
    expect((await api.call('GET', `${path}?state=odd`)).status).toBe(400);
    expect((await api.call('GET', `${path}?environment=odd`)).status).toBe(400);
  });

  describe('settings', () => {
    const change = (body: object, as = 'ada') => api.call('PATCH', `/v1/projects/${acme.projectId}`, { body, as });

    it('change the given fields only, and enqueue a plan', async () => {
      const before = await depth(jobs.planProject);
      const answer = await change({ branchPreviews: { mode: 'all' }, rootFolder: '/api/' });
      expect([answer.status, await answer.json()]).toMatchObject([
        200,
        { rootFolder: 'api', branchPreviews: { mode: 'all' }, productionBranch: 'main', pullRequestPreviews: true },
      ]);
      expect(await depth(jobs.planProject)).toBe(before + 1);
      const [row] = await api.resources.dataSource.query<{ unplanned: boolean }[]>(
        'SELECT planned_generation < settings_generation AS unplanned FROM project WHERE id = $1',
        [acme.projectId],
      );
      expect(row).toEqual({ unplanned: true });
    });

    it('request a sync of another production branch', async () => {
      await change({ productionBranch: 'next' });
      const ref = { repositoryId: acme.repositoryId, name: 'refs/heads/next' };
      expect(await api.resources.dataSource.manager.existsBy(GitRefEntity, ref)).toBe(true);
    });

    it('require the role admin, and are validated like those of a new project', async () => {
      expect((await change({ name: 'X' }, 'grace')).status).toBe(403);
      const bad = await change({ rootFolder: '../etc', name: '' });
      expect([bad.status, await bad.json()]).toMatchObject([400, { code: 'invalid-input' }]);
      const other = await seed(api.resources.dataSource, 'org_acme');
      const { name } = await api.json('GET', `/v1/projects/${other.projectId}`);
      expect((await change({ name })).status).toBe(409);
    });

    it('finalize pending statuses under the old name of a renamed or deleted project', async () => {
      const { name } = (await api.json('GET', `/v1/projects/${acme.projectId}`)) as { name: string };
      const statuses = async () => {
        const rows = await api.resources.dataSource.query<{ statuses: string }[]>(
          `SELECT concat_ws(' ', context, state) AS statuses FROM commit_status WHERE repository_id = $1
           AND context LIKE '%: build' ORDER BY sequence`,
          [acme.repositoryId],
        );
        return rows.map((row) => row.statuses);
      };
      await act(acme.deploymentId, 'redeploy');
      const renamed = `${name} renamed`;
      await change({ name: renamed });
      expect(await statuses()).toEqual([
        `Reunite (${name}): build pending`,
        `Reunite (${name}): build error`,
        `Reunite (${renamed}): build pending`,
      ]);
      await api.call('DELETE', `/v1/projects/${acme.projectId}`);
      expect((await statuses()).slice(3)).toEqual([`Reunite (${renamed}): build error`]);
    });
  });
});
