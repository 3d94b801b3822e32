import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestServers } from '../../test/test-servers.js';
import type { LocalServer } from '../../test/test-servers.js';
import type { GhesClient } from '../client.js';
import { GhesNotFoundError, GhesUnsupportedVersionError } from '../errors/index.js';
import * as operations from './index.js';

const account = { id: 2, login: 'acme', type: 'Organization' };
const app = {
  id: 1,
  slug: 'reunite',
  name: 'Reunite',
  client_id: 'Iv1.x',
  owner: account,
  html_url: 'https://h/github-apps/reunite',
  permissions: { contents: 'write' },
  events: ['push'],
};
const installation = {
  id: 7,
  app_id: 1,
  app_slug: 'reunite',
  account: { id: 3, slug: 'globex' },
  target_type: 'Enterprise',
  repository_selection: 'selected',
  permissions: {},
  events: [],
  html_url: 'https://h/x',
  suspended_at: null,
};
const repository = {
  id: 5,
  name: 'docs',
  full_name: 'acme/docs',
  owner: account,
  private: true,
  fork: false,
  default_branch: 'main',
  html_url: 'https://h/acme/docs',
};
const side = { ref: 'topic', sha: 'b'.repeat(40), repo: null };
const pull = {
  id: 9,
  number: 4,
  state: 'open',
  title: 'Topic',
  html_url: 'https://h/acme/docs/pull/4',
  user: null,
  head: side,
  base: { ...side, repo: { id: 5, full_name: 'acme/docs' } },
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  merged_at: null,
};
const status = {
  id: 6,
  state: 'success',
  context: 'x',
  description: null,
  target_url: null,
  created_at: '2026-01-01T00:00:00Z',
};
const delivery =
  '{"id":12345678901234567890,"guid":"g","delivered_at":"2026-01-01T00:00:00Z","redelivery":false,"duration":0.2,"status":"OK","status_code":202,"event":"push","action":null}';

/** Responses of the server by request line. */
const answers: Record<string, [number, string]> = Object.fromEntries(
  Object.entries({
    'GET /app': [200, app],
    'GET /app/installations?per_page=100': [200, [installation]],
    'GET /app/installations/7': [200, installation],
    'POST /app/installations/7/access_tokens': [201, { token: 't', expires_at: '2026-01-01T00:00:00Z' }],
    'DELETE /installation/token': [204, undefined],
    'GET /app/hook/config': [200, { url: 'https://us/x', content_type: 'json', insecure_ssl: '0', secret: '********' }],
    'PATCH /app/hook/config': [200, { url: 'https://us/y' }],
    'POST /app/hook/deliveries/12345678901234567890/attempts': [202, {}],
    'POST /app-manifests/abc/conversions': [201, { ...app, client_secret: 's', webhook_secret: null, pem: 'p' }],
    'GET /repos/acme/docs': [200, repository],
    'GET /repos/acme/docs/git/ref/heads%2Ftopic': [
      200,
      { ref: 'refs/heads/topic', object: { type: 'commit', sha: 'b'.repeat(40) } },
    ],
    'GET /repos/acme/docs/pulls?per_page=100&state=all': [200, [pull]],
    'GET /repos/acme/docs/pulls/4': [200, { ...pull, merged: false }],
    'POST /repos/acme/docs/statuses/bbb': [201, status],
    'GET /meta': [200, { verifiable_password_authentication: false }],
  }).map(([line, [code, body]]) => [line, [code as number, body === undefined ? '' : JSON.stringify(body)]]),
);
answers['GET /app/hook/deliveries?per_page=100'] = [200, `[${delivery}]`];
answers['GET /app/hook/deliveries?per_page=100&cursor=v1_8'] = [200, `[${delivery}]`];

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('operations', () => {
  const servers = new TestServers();
  let server: LocalServer;
  let client: GhesClient;
  const name = { owner: 'acme', repo: 'docs' };

  beforeAll(async () => {
    server = await servers.serve(({ method, url }, response) => {
      const page = /page=(\d)$/.exec(url)?.[1] ?? '1';
      const base = `${server.origin}${url.split('?')[0] ?? ''}`;
      const listing: Record<string, unknown> = {
        '/api/v3/installation/repositories': { total_count: 2, repositories: [{ ...repository, id: Number(page) }] },
        '/api/v3/repos/acme/docs/branches': [{ name: `b${page}`, commit: { sha: 'c' }, protected: false }],
      };
      const pageBody = listing[url.split('?')[0] ?? ''];
      const [code, body] = answers[`${method} ${url.replace('/api/v3', '')}`] ?? [404, '{"message":"Not Found"}'];
      const next = page === '1' ? { link: `<${base}?per_page=100&page=2>; rel="next"` } : {};
      if (pageBody !== undefined) {
        response.writeHead(200, { 'content-type': 'application/json', ...next }).end(JSON.stringify(pageBody));
      } else response.writeHead(code, { 'content-type': 'application/json; charset=utf-8' }).end(body);
    });
    client = servers.client(server.origin, { auth: { type: 'app', jwt: () => Promise.resolve('j') } });
  });

  beforeEach(() => {
    server.requests.length = 0;
  });

  afterAll(() => servers.close());

  it('reads apps and installations', async () => {
    expect(await operations.getAuthenticatedApp(client)).toMatchObject({ id: 1, owner: account });
    expect(await all(operations.listInstallations(client))).toHaveLength(1);
    expect(await operations.convertManifestCode(client, { code: 'abc' })).toMatchObject({
      pem: 'p',
      webhook_secret: null,
    });
    expect((await operations.getMeta(client)).installed_version).toBeUndefined();
  });

  it('mints narrowed tokens and revokes them', async () => {
    const scope = { installationId: 7, repositoryIds: [5], permissions: { contents: 'read' } };
    expect((await operations.createInstallationAccessToken(client, scope)).token).toBe('t');
    expect(JSON.parse(server.requests[0]!.body)).toEqual({ repository_ids: [5], permissions: { contents: 'read' } });
    await operations.revokeInstallationAccessToken(client);
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  it('reads and changes the webhook, with ids above the safe integers', async () => {
    expect((await operations.getWebhookConfigForApp(client)).url).toBe('https://us/x');
    await operations.updateWebhookConfigForApp(client, { url: 'https://us/y', secret: 'w' });
    expect(JSON.parse(server.requests[1]!.body)).toEqual({
      content_type: 'json',
      insecure_ssl: '0',
      url: 'https://us/y',
      secret: 'w',
    });
    const [newest] = await all(operations.listWebhookDeliveries(client));
    expect(newest).toMatchObject({ id: '12345678901234567890', guid: 'g' });
    await operations.redeliverWebhookDelivery(client, { deliveryId: newest!.id });
    const page = await operations.getWebhookDeliveryPage(client, { cursor: 'v1_8' });
    expect(page).toEqual({ deliveries: [expect.objectContaining({ guid: 'g' })], nextCursor: null });
  });

  it.each(['1.5', '-3', '1e300', '9'.repeat(40)])('attack: the id %s of a delivery is rejected', async (id) => {
    const route = 'GET /app/hook/deliveries?per_page=100';
    const before = answers[route]!;
    answers[route] = [200, before[1].replace('12345678901234567890', id)];
    try {
      await expect(operations.getWebhookDeliveryPage(client)).rejects.toMatchObject({
        code: 'ghes-malformed-response',
      });
    } finally {
      answers[route] = before;
    }
  });

  it('reads repositories, branches and refs, page by page', async () => {
    expect((await all(operations.listReposAccessibleToInstallation(client))).map(({ id }) => id)).toEqual([1, 2]);
    expect((await all(operations.listBranches(client, name))).map((branch) => branch.name)).toEqual(['b1', 'b2']);
    expect((await operations.getRepository(client, name)).full_name).toBe('acme/docs');
    expect((await operations.getRef(client, { ...name, ref: 'heads/topic' })).object.sha).toBe('b'.repeat(40));
  });

  it('reads pull requests, and writes statuses with a shortened description', async () => {
    expect(await all(operations.listPullRequests(client, { ...name, state: 'all' }))).toHaveLength(1);
    expect((await operations.getPullRequest(client, { ...name, number: 4 })).head.repo).toBeNull();
    const text = { context: 'x', description: 'd'.repeat(200), targetUrl: 'https://us/p' };
    await operations.createCommitStatus(client, { ...name, sha: 'bbb', state: 'success', ...text });
    expect(JSON.parse(server.requests[2]!.body)).toEqual({
      state: 'success',
      context: 'x',
      description: `${'d'.repeat(139)}…`,
      target_url: 'https://us/p',
    });
  });

  it('rejects a filter that the server would ignore', async () => {
    answers['GET /meta'] = [200, '{"verifiable_password_authentication":false,"installed_version":"3.14.2"}'];
    await expect(all(operations.listWebhookDeliveries(client, { status: 'failure' }))).rejects.toThrow(
      GhesUnsupportedVersionError,
    );
    expect(server.requests.map(({ url }) => url)).toEqual(['/api/v3/meta']);
  });

  it('returns null only for a 404 with "Branch not protected"', async () => {
    const branch = { ...name, branch: 'main' };
    await expect(operations.getBranchProtection(client, branch)).rejects.toThrow(GhesNotFoundError);
    answers['GET /repos/acme/docs/branches/main/protection'] = [404, '{"message":"Branch not protected"}'];
    expect(await operations.getBranchProtection(client, branch)).toBeNull();
  });
});
