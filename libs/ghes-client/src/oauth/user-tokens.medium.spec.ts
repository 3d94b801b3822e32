import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { json, rejection, TestServers } from '../../test/test-servers.js';
import { deleteAppToken, exchangeUserCode, refreshUserToken } from '../operations/index.js';
import { createPkcePair, userAuthorizationUrl } from './user-authorization.rules.js';
import type { OAuthApp } from './user-tokens.js';

const servers = new TestServers();

afterEach(() => servers.close());

const token = {
  access_token: 'ghu_SECRET',
  token_type: 'bearer',
  scope: '',
  expires_in: 28800,
  refresh_token: 'ghr_SECRET',
  refresh_token_expires_in: 15897600,
};
const appOf = (origin: string): OAuthApp => ({
  origin,
  network: servers.network(),
  clientId: 'Iv1.x',
  clientSecret: 'CSECRET',
});
const exchange = (app: OAuthApp): Promise<unknown> =>
  exchangeUserCode(app, { code: 'CODESECRET', redirectUri: 'https://us/cb', codeVerifier: 'VSECRET' });
const form = (body: string | undefined): unknown => Object.fromEntries(new URLSearchParams(body));

describe('userAuthorizationUrl', () => {
  it('returns the authorization URL with state and PKCE challenge', () => {
    const { verifier, challenge } = createPkcePair();
    expect(challenge).toBe(createHash('sha256').update(verifier).digest('base64url'));
    expect(verifier).toMatch(/^[\w-]{43}$/);
    const url = new URL(
      userAuthorizationUrl({
        origin: 'https://ghes.example.com',
        clientId: 'Iv1.x',
        redirectUri: 'https://us/callback/oauth2',
        state: 'a&b',
        codeChallenge: challenge,
        login: 'mona',
      }),
    );
    expect(url.origin + url.pathname).toBe('https://ghes.example.com/login/oauth/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'Iv1.x',
      redirect_uri: 'https://us/callback/oauth2',
      state: 'a&b',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      login: 'mona',
    });
  });
});

describe('user tokens', () => {
  it('are exchanged for a code and a verifier, and refreshed', async () => {
    const { origin, requests } = await servers.serve((_, response) => json(response, token));
    expect(await exchange(appOf(origin))).toEqual(token);
    expect(await refreshUserToken(appOf(origin), { refreshToken: 'ghr_SECRET' })).toEqual(token);
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /login/oauth/access_token',
      'POST /login/oauth/access_token',
    ]);
    const client = { client_id: 'Iv1.x', client_secret: 'CSECRET' };
    expect(requests.map(({ body }) => form(body))).toEqual([
      { ...client, code: 'CODESECRET', redirect_uri: 'https://us/cb', code_verifier: 'VSECRET' },
      { ...client, grant_type: 'refresh_token', refresh_token: 'ghr_SECRET' },
    ]);
    expect(requests[0]?.headers).toMatchObject({ accept: 'application/json' });
  });

  it('are also read from a form response', async () => {
    const { origin } = await servers.serve((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })
        .end('access_token=ghu_SECRET&expires_in=28800&token_type=bearer'),
    );
    expect(await exchange(appOf(origin))).toEqual({
      access_token: 'ghu_SECRET',
      expires_in: 28800,
      token_type: 'bearer',
    });
  });

  it.each<[string, (response: ServerResponse) => void, object]>([
    ['a used code', (r) => json(r, { error: 'bad_verification_code' }), { code: 'ghes-validation' }],
    ['a wrong secret', (r) => json(r, { error: 'incorrect_client_credentials' }), { code: 'ghes-unauthorized' }],
    ['an invalid refresh token', (r) => json(r, { error: 'bad_refresh_token' }), { code: 'ghes-unauthorized' }],
    ['an unverified address', (r) => json(r, { error: 'unverified_user_email' }), { code: 'ghes-forbidden' }],
    [
      'an error with status 400',
      (r) => json(r, { error: 'redirect_uri_mismatch' }, 400),
      { code: 'ghes-validation', status: 400 },
    ],
    ['an unknown app', (r) => json(r, { error: 'Not Found' }, 404), { status: 404 }],
    ['a bad gateway', (r) => void r.writeHead(502).end('<html>'), { code: 'ghes-server-error' }],
    [
      'a sign-in page',
      (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      { reason: 'content-type' },
    ],
    [
      'an empty response',
      (r) => void r.writeHead(200, { 'content-type': 'application/json' }).end(),
      { reason: 'empty' },
    ],
    ['another shape', (r) => json(r, { access_token: '' }), { reason: 'unexpected-shape' }],
    [
      'a redirect',
      (r) => void r.writeHead(302, { location: 'https://evil.example' }).end(),
      { code: 'ghes-redirected' },
    ],
  ])('are not returned for %s, without a retry or a secret in the message', async (_, answer, expected) => {
    const { origin, requests } = await servers.serve((__, response) => answer(response));
    const error = await rejection(exchange(appOf(origin)));
    expect(error).toMatchObject(expected);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/SECRET/);
    expect(requests).toHaveLength(1);
  });

  it('are revoked by the app with its own credentials', async () => {
    const { origin, requests } = await servers.serve((_, response) => response.writeHead(204).end());
    const auth = { type: 'oauth-app', clientId: 'Iv1.x', clientSecret: () => Promise.resolve('CSECRET') } as const;
    await deleteAppToken(servers.client(origin, { auth }), { clientId: 'Iv1.x', accessToken: 'ghu_SECRET' });
    expect(requests[0]).toMatchObject({
      method: 'DELETE',
      url: '/api/v3/applications/Iv1.x/token',
      body: '{"access_token":"ghu_SECRET"}',
      headers: { authorization: `Basic ${Buffer.from('Iv1.x:CSECRET').toString('base64')}` },
    });
  });
});
