import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { ActivityLog } from '@reunite/database';
import { DeliveryEntity, shardOf } from '@reunite/deliveries';
import { DeploymentEntity } from '@reunite/deployments';
import { PullRequestEntity } from '@reunite/pull-requests';
import { RepositoryEntity } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import { seed } from '../../test/seed.js';
import type { Seeded } from '../../test/seed.js';
import { useApi } from '../../test/use-api.js';
import { walkPages } from '../../test/walk-pages.js';
import { describeApi } from '../http/api-document.js';

/** Rows that are added to each list, which has one at least. */
const ADDED = 6;

describe('lists in pages', () => {
  const api = useApi();
  let acme: Seeded;
  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
    for (let i = 0; i < ADDED; i++) await seed(api.resources.dataSource, 'org_acme');
    await addRows(api.resources.dataSource, acme);
  });

  it('are the same rows forward and back, for each list of the document that has `before`', async () => {
    const { paths } = await describeApi(api.url);
    const lists = Object.entries(paths)
      .filter(([, { get }]) => get?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'before'))
      .map(([path]) => path)
      .sort();
    expect(lists).toEqual([
      '/v1/activity',
      '/v1/connections',
      '/v1/connections/{id}/deliveries',
      '/v1/connections/{id}/repositories',
      '/v1/projects',
      '/v1/projects/{id}/deployments',
      // Walked with a content store, see history.medium.spec.ts.
      '/v1/projects/{id}/diff',
      '/v1/projects/{id}/pull-requests',
    ]);
    for (const list of lists.filter((path) => !path.endsWith('/diff'))) {
      const id = list.startsWith('/v1/connections') ? acme.connectionId : acme.projectId;
      const { forward, backward } = await walkPages(api, `${list.replace('{id}', id)}?limit=2`);
      expect({ list, rows: backward }).toEqual({ list, rows: forward });
      expect(new Set(forward.map((row) => (row as { id: string }).id)).size).toBe(forward.length);
      expect(forward.length).toBeGreaterThanOrEqual(ADDED);
    }
  });

  it('are the same rows forward and back if few match a filter', async () => {
    const { forward, backward } = await walkPages(
      api,
      `/v1/connections/${acme.connectionId}/deliveries?limit=2&event=create`,
    );
    expect(backward).toEqual(forward);
    expect(forward).toHaveLength(ADDED / 2);
  });

  it('reject `after` and `before` together', async () => {
    const { endCursor } = await api.json('GET', '/v1/projects?limit=1');
    const both = `/v1/projects?after=${String(endCursor)}&before=${String(endCursor)}`;
    expect(await api.json('GET', both)).toMatchObject({ status: 400, violations: [{ path: 'before' }] });
  });
});

async function addRows(dataSource: DataSource, { connectionId, projectId, repositoryId }: Seeded): Promise<void> {
  const db = dataSource.manager;
  const deployment = await db.findOneByOrFail(DeploymentEntity, { projectId });
  const pull = await db.findOneByOrFail(PullRequestEntity, { repositoryId });
  const repository = await db.findOneByOrFail(RepositoryEntity, { id: repositoryId });
  for (let i = 0; i < ADDED; i++) {
    await db.insert(
      DeploymentEntity,
      Object.assign(deployment, { id: newId('deployment'), current: false, generation: i + 2 }),
    );
    await db.insert(PullRequestEntity, Object.assign(pull, { id: newId('pullRequest'), number: 10 + i }));
    const another = { id: newId('repository'), githubId: 10 + i, owner: `o${i % 2}`, name: `name_${i}` };
    await db.insert(RepositoryEntity, Object.assign(repository, another));
    const delivery = { id: newId('delivery'), guid: `guid-${i}`, event: i % 2 === 0 ? 'push' : 'create', size: 2 };
    const stored = { connectionId, shard: shardOf(connectionId), key: randomUUID() };
    await db.insert(DeliveryEntity, { ...delivery, ...stored, processedAt: i % 3 === 0 ? null : new Date() });
    await new ActivityLog(dataSource).add({
      ...{ organizationId: 'org_acme', subject: 'local|ada', name: 'Ada', sessionId: 's', action: 'project.update' },
      ...{ target: projectId, details: {}, protocol: 'http', address: null, outcome: 'ok' },
    });
  }
}
