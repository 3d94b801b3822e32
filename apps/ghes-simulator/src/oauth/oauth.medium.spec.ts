import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Browser } from '../../test/browser.js';
import { octocat, TestSimulator, type AppCredentials } from '../../test/test-simulator.js';

const callback = 'https://docs.example/callback/oauth2';
const verifier = 'a'.repeat(50);
const challenge = createHash('sha256').update(verifier).digest('base64url');

describe('OAuth', () => {
  let server: TestSimulator;
  let app: AppCredentials & { client_id: string; client_secret: string };

  beforeAll(async () => {
    server = await TestSimulator.start();
    app = (await server.createApp({ callback_urls: [callback] })) as typeof app;
  });

  afterAll(() => server.stop());

  async function authorize(): Promise<string> {
    const browser = new Browser(server.url);
    await browser.signIn('hubot');
    const query = new URLSearchParams({
      client_id: app.client_id,
      redirect_uri: callback,
      state: 'st',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const page = await browser.visit(`/login/oauth/authorize?${query.toString()}`);
    const done = await browser.submit(await page.text(), '/login/oauth/authorize', { authorize: '1' });
    const target = new URL(done.headers.get('location')!);
    expect(target.searchParams.get('state')).toBe('st');
    return target.searchParams.get('code')!;
  }

  async function exchange(fields: Record<string, string>): Promise<Record<string, string>> {
    const body = new URLSearchParams({ client_id: app.client_id, client_secret: app.client_secret, ...fields });
    const headers = { accept: 'application/json' };
    const response = await fetch(`${server.url}/login/oauth/access_token`, { method: 'POST', headers, body });
    return (await response.json()) as Record<string, string>;
  }

  it('exchanges a code for a token, once, if the verifier matches', async () => {
    expect(await exchange({ code: await authorize(), code_verifier: 'wrong' })).toMatchObject({
      error: 'bad_verification_code',
    });
    const code = await authorize();
    const tokens = await exchange({ code, code_verifier: verifier, redirect_uri: callback });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 28_800 });
    const user = await server.api('GET', '/user', `Bearer ${tokens['access_token']}`);
    expect(user.body).toMatchObject({ login: 'hubot' });
    expect(await exchange({ code, code_verifier: verifier })).toMatchObject({ error: 'bad_verification_code' });
    await expect(exchange({ code, client_secret: 'x' })).resolves.toMatchObject({
      error: 'incorrect_client_credentials',
    });
  });

  it('lets tokens expire, renews them once, and revokes them', async () => {
    const first = await exchange({ code: await authorize(), code_verifier: verifier });
    await server.control('/clock', { advanceSeconds: 28_801 });
    await expect(server.api('GET', '/user', `Bearer ${first['access_token']}`)).resolves.toMatchObject({ status: 401 });
    const renewal = { grant_type: 'refresh_token', refresh_token: first['refresh_token']! };
    const second = await exchange(renewal);
    await expect(exchange(renewal)).resolves.toMatchObject({ error: 'bad_refresh_token' });
    const bearer = `Bearer ${second['access_token']}`;
    await expect(server.api('GET', '/user/emails', bearer)).resolves.toMatchObject({ status: 200 });
    const installation = await server.install(app.slug);
    await expect(server.api('GET', '/user/installations', bearer)).resolves.toMatchObject({
      body: { total_count: 1, installations: [{ id: installation, account: { login: 'acme' } }] },
    });
    await expect(server.api('GET', '/user/installations', octocat)).resolves.toMatchObject({ status: 403 });
    const basic = `Basic ${Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64')}`;
    const body = { access_token: second['access_token'] };
    const path = `/applications/${app.client_id}/token`;
    await expect(server.api('DELETE', path, basic, body)).resolves.toMatchObject({ status: 204 });
    await expect(server.api('DELETE', path, basic, body)).resolves.toMatchObject({ status: 404 });
    await expect(server.api('GET', '/user', bearer)).resolves.toMatchObject({ status: 401 });
  });

  it.each(['https://evil.example/', `${callback}/below`])(
    'rejects %s, which the app has not registered',
    async (uri) => {
      const browser = new Browser(server.url);
      await browser.signIn('hubot');
      const query = `client_id=${app.client_id}&redirect_uri=${encodeURIComponent(uri)}`;
      expect((await browser.open(`/login/oauth/authorize?${query}`)).status).toBe(400);
    },
  );
});
