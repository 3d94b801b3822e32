import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import { newId } from '@reunite/contracts';
import { RepositoryEntity } from '@reunite/repositories';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

interface Problem {
  readonly detail: string;
  readonly violations?: readonly { readonly path: string }[];
}

describe('a server with a new host name', () => {
  const api = useApi();
  let old: Seeded;
  let connectionId: string;
  let repositoryId: string;

  beforeEach(async () => {
    const db = api.resources.dataSource.manager;
    old = await seed(api.resources.dataSource, 'org_acme');
    await db.update(ConnectionEntity, old.connectionId, { ownerId: 4, status: 'broken' });
    connectionId = newId('connection');
    repositoryId = newId('repository');
    const connection = { id: connectionId, organizationId: 'org_acme', name: `New ${connectionId}`, owner: 'acme' };
    const app = { appId: 7, ownerId: 4, appSlug: 'reunite', refreshFinishedAt: new Date() };
    const connected = {
      status: 'connected' as const,
      createdBy: 'ada',
      origin: `https://${connectionId.slice(4)}.example`,
    };
    await db.insert(ConnectionEntity, { ...connection, ...app, ...connected });
    const installation = { connectionId, id: 9, owner: 'acme', repositorySelection: 'all' as const, suspended: false };
    await db.insert(InstallationEntity, installation);
    const repository = {
      id: repositoryId,
      connectionId,
      installationId: 9,
      githubId: 1,
      owner: 'acme',
      name: 'manual',
    };
    await db.insert(RepositoryEntity, { ...repository, defaultBranch: 'main', private: true, available: true });
  });

  const takeOver = (as = 'ada') =>
    api.call('POST', `/v1/connections/${connectionId}/take-over`, { as, body: { from: old.connectionId } });
  const change = (values: Partial<ConnectionEntity>) =>
    api.resources.dataSource.manager.update(ConnectionEntity, connectionId, values);
  const project = () => api.json('GET', `/v1/projects/${old.projectId}`);

  it('takes the projects over with their repositories and deployments, and deletes the former provider', async () => {
    expect((await takeOver()).status).toBe(200);
    const row = await api.resources.dataSource.manager.findOneByOrFail(RepositoryEntity, { id: old.repositoryId });
    expect(row).toMatchObject({ connectionId, name: 'manual', installationId: 9, available: true });
    expect((await api.call('GET', `/v1/connections/${old.connectionId}`)).status).toBe(404);
    expect(api.vault.deleted).toContain(old.connectionId);
    expect(await project()).toMatchObject({ id: old.projectId });
    expect((await api.call('GET', `/v1/deployments/${old.deploymentId}`)).status).toBe(200);
    expect(api.vault.webhook.url).toContain(connectionId);
    const page = await api.json('GET', '/v1/activity?limit=5');
    expect(JSON.stringify(page)).toContain('connection.take-over');
  });

  it.each([
    ['another app', { appId: 8 }, 'keeps the id of the app'],
    ['another owner', { ownerId: 5 }, 'another owner'],
    ['a provider that was not refreshed', { refreshFinishedAt: null }, 'Refresh it'],
  ])('attack: moves no project to %s', async (_what, values, reason) => {
    await change(values);
    const answer = await takeOver();
    const { detail, violations } = (await answer.json()) as Problem;
    expect([answer.status, violations?.[0]?.path]).toEqual([400, 'from']);
    expect(detail).toContain(reason);
    expect((await api.call('GET', `/v1/connections/${old.connectionId}`)).status).toBe(200);
  });

  it('attack: moves nothing to a server whose repository of that name has another id', async () => {
    await api.resources.dataSource.manager.update(RepositoryEntity, repositoryId, { githubId: 2, name: 'docs' });
    const answer = await takeOver();
    expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([
      409,
      expect.stringContaining('no repository with the id of acme/docs'),
    ]);
    expect((await api.call('GET', `/v1/connections/${old.connectionId}`)).status).toBe(200);
  });

  it('accepts no project on the former provider while that is being deleted', async () => {
    const { manager } = api.resources.dataSource;
    const other = newId('repository');
    const { id: _, ...manual } = await manager.findOneByOrFail(RepositoryEntity, { id: repositoryId });
    await manager.insert(RepositoryEntity, { ...manual, id: other, connectionId: old.connectionId, githubId: 2 });
    const { deleteConnection } = api.vault;
    const created: number[] = [];
    api.vault.deleteConnection = async (request) => {
      const body = { name: 'Late', repositoryId: other, productionBranch: 'main' };
      created.push((await api.call('POST', '/v1/projects', { body })).status);
      return deleteConnection(request);
    };
    expect((await takeOver()).status).toBe(200);
    api.vault.deleteConnection = deleteConnection;
    expect(created).toEqual([404]);
  });

  it('is for owners only', async () => {
    expect((await takeOver('grace')).status).toBe(403);
  });
});
