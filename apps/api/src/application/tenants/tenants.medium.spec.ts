import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { seed } from '../../../test/seed.js';
import type { Seeded } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

const changes = [{ action: 'delete', path: 'a.md' }];
const commit = { branch: 'main', expectedHead: 'c'.repeat(40), message: 'x', changes };

/** Every route that names something by its id, with what is needed beside the id. */
const routes = (things: Seeded): [method: string, path: string, body?: object][] => [
  ['GET', `/v1/connections/${things.connectionId}`],
  ['PATCH', `/v1/connections/${things.connectionId}`, { name: 'Mine now' }],
  ['POST', `/v1/connections/${things.connectionId}/take-over`, { from: things.connectionId }],
  ['DELETE', `/v1/connections/${things.connectionId}?name=x`],
  ['POST', `/v1/connections/${things.connectionId}/manifest`],
  ['POST', `/v1/connections/${things.connectionId}/refresh`],
  ['GET', `/v1/connections/${things.connectionId}/repositories`],
  ['GET', `/v1/connections/${things.connectionId}/deliveries`],
  ['GET', `/v1/connections/${things.connectionId}/deliveries/${things.deliveryId}/payload`],
  ['POST', `/v1/connections/${things.connectionId}/deliveries/${things.deliveryId}/redeliver`],
  ['GET', `/v1/connections/${things.connectionId}/delivery-recovery`],
  ['POST', `/v1/connections/${things.connectionId}/delivery-recovery`],
  ['GET', `/v1/connections/${things.connectionId}/health`],
  ['GET', `/v1/connections/${things.connectionId}/audit`],
  ['GET', `/v1/connections/${things.connectionId}/profile`],
  ['PUT', `/v1/connections/${things.connectionId}/profile`, {}],
  ['GET', `/v1/connections/${things.connectionId}/self-test`],
  ['POST', `/v1/connections/${things.connectionId}/self-test`],
  ['POST', `/v1/connections/${things.connectionId}/webhook/repair`],
  ['POST', `/v1/connections/${things.connectionId}/private-key`, { privateKey: 'k'.repeat(40) }],
  ['POST', `/v1/connections/${things.connectionId}/client-secret`, { clientSecret: 's'.repeat(40) }],
  ['POST', `/v1/connections/${things.connectionId}/webhook-secret`, {}],
  ['POST', `/v1/connections/${things.connectionId}/sign-in`],
  ['GET', `/v1/connections/${things.connectionId}/account`],
  ['POST', `/v1/connections/${things.connectionId}/account/confirmation`, { login: 'octocat' }],
  ['DELETE', `/v1/connections/${things.connectionId}/account`],
  ['GET', `/v1/repositories/${things.repositoryId}/branches`],
  ['GET', `/v1/projects/${things.projectId}`],
  ['PATCH', `/v1/projects/${things.projectId}`, { name: 'Mine now' }],
  ['DELETE', `/v1/projects/${things.projectId}`],
  ['POST', `/v1/projects/${things.projectId}/sync`],
  ['GET', `/v1/projects/${things.projectId}/content`],
  ['GET', `/v1/projects/${things.projectId}/content/versions?path=index.md`],
  ['GET', `/v1/projects/${things.projectId}/diff`],
  ['GET', `/v1/projects/${things.projectId}/diff/file?path=index.md`],
  ['GET', `/v1/projects/${things.projectId}/archive`],
  ['GET', `/v1/projects/${things.projectId}/branches`],
  ['GET', `/v1/projects/${things.projectId}/server-branches`],
  ['POST', `/v1/projects/${things.projectId}/commits`, commit],
  ['POST', `/v1/projects/${things.projectId}/uploads`, {}],
  ['POST', `/v1/projects/${things.projectId}/branches`, { name: 'new' }],
  ['DELETE', `/v1/projects/${things.projectId}/branches?name=old`],
  ['POST', `/v1/projects/${things.projectId}/branches/sync`, { name: 'old' }],
  ['GET', `/v1/projects/${things.projectId}/deployments`],
  ['GET', `/v1/projects/${things.projectId}/pull-requests`],
  ['POST', `/v1/projects/${things.projectId}/pull-requests`, { title: 'Mine', headBranch: 'fix' }],
  ['GET', `/v1/projects/${things.projectId}/pull-requests/4`],
  ['PATCH', `/v1/projects/${things.projectId}/pull-requests/4`, { state: 'closed' }],
  ['GET', `/v1/projects/${things.projectId}/pull-requests/4/files`],
  ['GET', `/v1/projects/${things.projectId}/pull-requests/4/files/content?path=docs/index.md`],
  ['GET', `/v1/projects/${things.projectId}/pull-requests/4/comments`],
  ['POST', `/v1/projects/${things.projectId}/pull-requests/4/comments`, { body: 'Mine' }],
  ['PUT', `/v1/projects/${things.projectId}/pull-requests/4/requested-reviewers`, { users: [], teams: [] }],
  ['POST', `/v1/projects/${things.projectId}/pull-requests/4/merge`, { headCommit: 'c'.repeat(40) }],
  ['POST', `/v1/projects/${things.projectId}/pull-requests/4/update-branch`, { headCommit: 'c'.repeat(40) }],
  ['GET', `/v1/deployments/${things.deploymentId}`],
  ['GET', `/v1/deployments/${things.deploymentId}/comparison?with=${things.previewId}`],
  ['GET', `/v1/deployments/${things.deploymentId}/log`],
  ['GET', `/v1/deployments/${things.deploymentId}/checks`],
  ['POST', `/v1/deployments/${things.deploymentId}/redeploy`],
  ['POST', `/v1/deployments/${things.deploymentId}/promote`],
  ['POST', `/v1/deployments/${things.deploymentId}/cancel`],
];

const unknown: Seeded = {
  connectionId: newId('connection'),
  repositoryId: newId('repository'),
  projectId: newId('project'),
  deploymentId: newId('deployment'),
  previewId: newId('deployment'),
  deliveryId: newId('delivery'),
};

const decoder = new TextDecoder();

describe('isolation of tenants (P8)', () => {
  const api = useApi();
  let acme: Seeded;

  beforeAll(async () => {
    acme = await seed(api.resources.dataSource, 'org_acme');
  });

  it.each(routes(unknown).map(([method, path], index) => [method, path, index] as const))(
    'answers %s %s for an object of another organization exactly as for a missing one',
    async (method, _path, index) => {
      const [, foreignPath, body] = routes(acme)[index]!;
      const [, unknownPath] = routes(unknown)[index]!;
      const options = { as: 'mallory', ...(body && { body }) };
      const foreign = await api.call(method, foreignPath, options);
      const missing = await api.call(method, unknownPath, options);
      expect([foreign.status, missing.status]).toEqual([404, 404]);
      expect([api.vault.rotated, api.vault.deleted, [...api.vault.signInFlows]]).toEqual([[], [], []]);
      const ids = new RegExp([...Object.values(acme), ...Object.values(unknown)].join('|'), 'g');
      const texts = await Promise.all([foreign.text(), missing.text()]);
      expect(texts[0].replace(ids, 'ID')).toBe(texts[1].replace(ids, 'ID'));
    },
  );

  it('covers every documented route with an id in its path', async () => {
    const document = (await api.json('GET', '/openapi.json')) as unknown as OpenAPIObject;
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      path.includes('{') ? Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`) : [],
    );
    const covered = routes(unknown).map(
      ([method, path]) =>
        `${method} ${path
          .replace(/\?.*/, '')
          .replace(/[a-z]{3}_[0-9a-z]{26}/, '{id}')
          .replace('/pull-requests/4', '/pull-requests/{number}')
          .replace(/deliveries\/dlv_\w+/, 'deliveries/{deliveryId}')}`,
    );
    expect(covered.sort()).toEqual(documented.sort());
  });

  it('lists nothing of another organization, and connects none of its repositories', async () => {
    for (const path of ['/v1/connections', '/v1/projects']) {
      expect(await api.json('GET', path, { as: 'mallory' })).toEqual({ items: [], startCursor: null, endCursor: null });
    }
    const project = { repositoryId: acme.repositoryId, name: 'Taken', productionBranch: 'main' };
    const created = await api.call('POST', '/v1/projects', { as: 'mallory', body: project });
    expect(created.status).toBe(404);
  });

  it('treats an installation callback for a provider of another organization as unknown', async () => {
    const path = `/callback/installed?connection=${acme.connectionId}&installation_id=9`;
    const foreign = await api.call('GET', path, { as: 'mallory' });
    expect(foreign.headers.get('location')).toContain('/connections?problem=not-found');
    const own = await api.call('GET', path);
    expect(own.headers.get('location')).toBe(`/connections/${acme.connectionId}`);
  });

  it('does not complete a setup that another organization began', async () => {
    const body = { name: 'Begun', serverUrl: 'https://ghes.example.com', owner: 'acme' };
    const { action } = await api.json('POST', '/v1/connections', { body });
    const state = new URL(action as string).searchParams.get('state') ?? '';
    const taken = await api.call('GET', `/callback/manifest?code=c&state=${state}`, { as: 'mallory' });
    expect(taken.headers.get('location')).toContain('problem=manifest-state-unknown');
  });

  it('streams the events of an organization to its own callers only', async () => {
    const read = async (user: string, extra: Record<string, string> = {}) => {
      const ending = new AbortController();
      const headers = { authorization: `Bearer ${api.tokenOf(user)}`, ...extra };
      const response = await fetch(`${api.url}/v1/events`, { headers, signal: ending.signal });
      return {
        reader: response.body!.getReader(),
        end: () => ending.abort(),
        type: response.headers.get('content-type'),
      };
    };
    const [ada, mallory] = await Promise.all([read('ada'), read('mallory')]);
    expect(ada.type).toBe('text/event-stream');
    const text = async (stream: typeof ada, until: string) => {
      let received = '';
      while (!received.includes(until)) received += decoder.decode((await stream.reader.read()).value);
      return received;
    };
    const foreign = await seed(api.resources.dataSource, 'org_globex');
    await api.call('DELETE', `/v1/projects/${foreign.projectId}`, { as: 'mallory' });
    const own = await seed(api.resources.dataSource, 'org_acme');
    await api.call('DELETE', `/v1/projects/${own.projectId}`);
    expect(await text(ada, own.projectId)).not.toContain(foreign.projectId);
    expect(await text(mallory, foreign.projectId)).not.toContain(own.projectId);
    ada.end();
    mallory.end();
    const missed = await seed(api.resources.dataSource, 'org_acme');
    const first = await read('ada');
    const id = /^id: (.*)$/m.exec(await text(first, 'id: '))?.[1] ?? '';
    first.end();
    await api.call('DELETE', `/v1/projects/${missed.projectId}`);
    const again = await read('ada', { 'last-event-id': id });
    expect(await text(again, missed.projectId)).not.toContain('event: gap');
    again.end();
    const late = await read('ada', { 'last-event-id': 'of another time' });
    expect(await text(late, 'event: gap')).toContain('id: ');
    late.end();
  });
});
