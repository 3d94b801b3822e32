import { beforeEach, describe, expect, it } from '@jest/globals';
import { VaultError } from '@reunite/vault-client';
import { PUBLIC_URL } from '../../../test/test-api.js';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('verifying one’s identity at a server', () => {
  const api = useApi();
  let connection: string;

  beforeEach(async () => {
    const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
    connection = `/v1/connections/${connectionId}`;
  });

  const begin = async (as: string) => {
    const { authorizeUrl } = await api.json('POST', `${connection}/sign-in`, { as });
    return new URL(authorizeUrl as string);
  };
  const back = async (query: string, as: string | null, path = `oauth2/${connection.split('/').at(-1) ?? ''}`) => {
    const answer = await api.call('GET', `/callback/${path}?${query}`, { as });
    expect(answer.status).toBe(303);
    return new URL(answer.headers.get('location') ?? '', PUBLIC_URL);
  };
  const account = (as: string) => api.json('GET', `${connection}/account`, { as });

  it('redirects to the server and back, for callers with the role write and only for their own account', async () => {
    expect(await account('grace')).toEqual({ status: 'signed-out', login: null, reason: null });
    const page = await begin('grace');
    expect(page.searchParams.get('redirect_uri')).toBe(
      `${PUBLIC_URL}/callback/oauth2/${connection.split('/').at(-1) ?? ''}`,
    );
    const state = page.searchParams.get('state') ?? '';

    const location = await back(`code=abc&state=${state}`, 'grace');
    expect(location.pathname + location.search).toBe(`/identity?connection=${connection.split('/').at(-1)}`);
    expect(await account('grace')).toEqual({ status: 'unconfirmed', login: 'octocat', reason: null });
    const confirmation = (login: string) =>
      api.call('POST', `${connection}/account/confirmation`, { as: 'grace', body: { login } });
    expect((await confirmation('hubot')).status).toBe(409);
    expect((await confirmation('octocat')).status).toBe(200);
    expect(await account('grace')).toEqual({ status: 'active', login: 'octocat', reason: null });
    expect(await account('ada')).toMatchObject({ status: 'signed-out' });

    expect((await api.call('DELETE', `${connection}/account`, { as: 'ada' })).status).toBe(204);
    expect(await account('grace')).toMatchObject({ status: 'active' });
    expect((await api.call('DELETE', `${connection}/account`, { as: 'grace' })).status).toBe(204);
    expect(await account('grace')).toMatchObject({ status: 'signed-out' });
  });

  it.each(['oauth2', 'oauth2/con_another'])('attack: is not completed by a callback of %s', async (path) => {
    const state = (await begin('grace')).searchParams.get('state') ?? '';
    const location = await back(`code=abc&state=${state}`, 'grace', path);
    expect(location.searchParams.get('problem')).toBe('sign-in-state-foreign-connection');
    expect(await account('grace')).toMatchObject({ status: 'signed-out' });
  });

  it.each(['ada', 'mallory'])('is not completed by %s, who did not start it', async (user) => {
    const state = (await begin('grace')).searchParams.get('state') ?? '';
    const location = await back(`code=abc&state=${state}`, user);
    expect([location.pathname, location.searchParams.get('problem')]).toEqual(['/identity', 'sign-in-state-unknown']);
    expect(await account('grace')).toMatchObject({ status: 'signed-out' });
  });

  it.each([
    ['error=access_denied&error_description=Call+555-1234+now&state=x', 'sign-in-rejected'],
    ['error=%3Cscript%3E&state=x', 'sign-in-rejected'],
    ['code=abc', 'invalid-input'],
    ['', 'invalid-input'],
    ['code=a&code=b&state=x', 'invalid-input'],
  ])('attack: leads back with a code and no text of the link after %s', async (query, code) => {
    const location = await back(query, 'grace');
    expect([location.pathname, location.searchParams.get('problem')]).toEqual(['/identity', code]);
    expect(location.searchParams.has('detail')).toBe(false);
    expect(location.href).not.toMatch(/555|script/);
  });

  it('sends a user who is not signed in to the sign-in, and back', async () => {
    const location = await back('code=abc&state=x', null, 'oauth2');
    expect([location.pathname, location.searchParams.get('next')]).toEqual([
      '/sign-in',
      '/callback/oauth2?code=abc&state=x',
    ]);
  });

  it('returns the reason why an account is broken', async () => {
    const [connectionId = ''] = connection.split('/').slice(-1);
    const reason = 'The server does not renew the sign-in. Verify your identity again.';
    const broken = { connectionId, status: 'broken', reason, githubId: 1, login: 'octocat' };
    api.vault.accounts.set(`local|grace ${connectionId}`, broken);
    expect(await account('grace')).toEqual({ status: 'broken', login: 'octocat', reason });
  });

  it('is rejected with a conflict if the connection has no app', async () => {
    api.vault.nextFailure = new VaultError('It has no app yet.', 'connection-pending');
    expect((await api.call('POST', `${connection}/sign-in`, { as: 'grace' })).status).toBe(409);
  });
});
