import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { octocat, standardManifest, TestSimulator } from '../../test/test-simulator.js';

type Texts = Readonly<Record<string, string>>;

let server: TestSimulator;

beforeAll(async () => {
  server = await TestSimulator.start();
});
afterEach(() => server.send('DELETE', '/_simulator/faults'));
afterAll(() => server.stop());

/** `fetch` sets `Host` and `Sec-Fetch-*` by itself, so these requests are sent without it. */
function statusWith(headers: Record<string, string>, method = 'GET', path = '/_simulator/secrets'): Promise<number> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });
}

describe('attack: a web page reaches the control through the browser of a developer', () => {
  it('by DNS rebinding: a foreign name in Host is rejected', async () => {
    expect(await statusWith({ host: 'attacker.example:4500' })).toBe(403);
    expect(await statusWith({ host: 'localhost.attacker.example' })).toBe(403);
    expect(await statusWith({ host: '127.0.0.1.attacker.example' })).toBe(403);
  });

  it('by a form of another origin: the request is rejected', async () => {
    const host = new URL(server.url).host;
    const post = (headers: Record<string, string>) =>
      statusWith({ host, ...headers }, 'POST', '/_simulator/deliveries/settle');
    expect(await post({ origin: 'https://attacker.example' })).toBe(403);
    expect(await post({ origin: `http://${host}1` })).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  });

  it('but programs of this machine and pages of the simulator are admitted', async () => {
    const host = new URL(server.url).host;
    expect(await statusWith({ host })).toBe(200);
    expect(await statusWith({ host: '127.0.0.1' })).toBe(200);
    expect(await statusWith({ host: '[::1]:4500' })).toBe(200);
    expect(await statusWith({ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });
});

describe('recorded requests', () => {
  it('contain what a client sent and the status of the answer, filtered by route', async () => {
    await server.send('DELETE', '/_simulator/requests');
    await server.api('GET', '/repos/acme/docs?x=1', 'Bearer unknown');
    await server.api('POST', '/repos/acme/docs/merges', undefined, { base: 'main' });
    const { body } = await server.send('GET', '/_simulator/requests?route=*%20/api/v3/repos/*');
    expect(body).toEqual([
      {
        method: 'GET',
        url: '/api/v3/repos/acme/docs?x=1',
        authorization: 'Bearer unknown',
        body: null,
        status: 401,
        aborted: false,
      },
      {
        method: 'POST',
        url: '/api/v3/repos/acme/docs/merges',
        authorization: null,
        body: { base: 'main' },
        status: expect.any(Number),
        aborted: false,
      },
    ]);
    const merges = await server.send('GET', '/_simulator/requests?route=POST%20/*/merges');
    expect(merges.body).toHaveLength(1);
  });
});

describe('a paused request', () => {
  const paused = async () =>
    ((await server.send('GET', '/_simulator/faults')).body as unknown as { paused: number }).paused;

  it.each(['request', 'answer'] as const)('waits (%s) until it is resumed', async (pause) => {
    await server.control('/faults', { route: 'GET /api/v3/meta', pause });
    let answered = false;
    const answer = fetch(`${server.url}/api/v3/meta`).then((response) => {
      answered = true;
      return response.status;
    });
    while ((await paused()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answered).toBe(false);
    await server.control('/faults/resume');
    expect(await answer).toBe(200);
    expect(await paused()).toBe(0);
  });
});

it('authorizes an app for a user and creates installation tokens in one step', async () => {
  const callback = 'https://docs.example/callback/oauth2';
  const app = await server.createApp({ callback_urls: [callback] });
  const { client_id: clientId } = app as unknown as { client_id: string };
  const url = `${server.url}/login/oauth/authorize?client_id=${clientId}&state=s1&redirect_uri=${callback}`;
  const authorized = await server.send('POST', '/_simulator/oauth/authorize', undefined, { url, login: 'hubot' });
  const { location } = authorized.body as unknown as { location: string };
  expect(location).toMatch(/^https:\/\/docs\.example\/callback\/oauth2\?code=[0-9a-f]{20}&state=s1$/);

  const installation = await server.install(app.slug);
  const body = { repository_ids: [1], permissions: { contents: 'read' } };
  const created = await server.send('POST', `/_simulator/installations/${installation}/tokens`, undefined, body);
  const { token } = created.body as unknown as { token: string };
  expect(await server.api('GET', '/installation/repositories', `Bearer ${token}`)).toMatchObject({
    body: { total_count: 1 },
  });
});

it('renames a repository and keeps its id and content', async () => {
  const before = await server.api('GET', '/repos/acme/empty', octocat);
  await server.control('/repositories/move', { repository: 'acme/empty', name: 'renamed' });
  const after = await server.api('GET', '/repos/acme/renamed', octocat);
  expect(after.body.id).toBe(before.body.id);
  await server.clone('acme/renamed');
});

it('creates users, and revokes what they authorized', async () => {
  const callback = 'https://docs.example/users';
  const manifest = { ...standardManifest, name: 'Users', callback_urls: [callback] };
  const { code } = (await server.control('/manifest-codes', { account: 'acme', manifest })) as unknown as Texts;
  const app = (await server.api('POST', `/app-manifests/${code}/conversions`)).body as unknown as Texts;
  await server.control('/users', { login: 'grace' });
  const url = `${server.url}/login/oauth/authorize?client_id=${app['client_id']}&redirect_uri=${callback}`;
  const { location } = (await server.control('/oauth/authorize', { url, login: 'grace' })) as unknown as Texts;
  const exchange = new URLSearchParams({
    client_id: app['client_id'] ?? '',
    client_secret: app['client_secret'] ?? '',
    code: new URL(location ?? '').searchParams.get('code') ?? '',
  });
  const answer = await fetch(`${server.url}/login/oauth/access_token?${exchange.toString()}`, {
    method: 'POST',
    headers: { accept: 'application/json' },
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  expect(await server.api('GET', '/user', `Bearer ${token}`)).toMatchObject({ body: { login: 'grace' } });
  await server.control('/oauth/revoke', { login: 'grace' });
  expect(await server.api('GET', '/user', `Bearer ${token}`)).toMatchObject({ status: 401 });
});
