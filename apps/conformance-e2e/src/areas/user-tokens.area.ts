import { equal } from 'node:assert/strict';
import { BrowserSession } from '../browser-session.js';
import { userCallback } from '../test-server.js';
import type { TestInstallation } from '../test-server.js';

/** Signs a user in with the app, then refreshes and revokes the tokens. */
export async function checkUserTokens(installation: TestInstallation): Promise<void> {
  const { ghes, app, network, asInstallation: client } = installation;
  const credentials = { clientId: app.client_id, clientSecret: app.client_secret };
  const oauthApp = { origin: client.address.origin, network, ...credentials };
  const first = await signIn(installation);
  const second = await ghes.refreshUserToken(oauthApp, { refreshToken: first.refresh_token ?? '' });
  const asUser = installation.as({ type: 'user', token: () => Promise.resolve(second.access_token) });
  equal((await ghes.getAuthenticatedUser(asUser)).login, 'octocat');

  const clientSecret = () => Promise.resolve(app.client_secret);
  const asOauthApp = installation.as({ type: 'oauth-app', clientId: app.client_id, clientSecret });
  const { clientId } = credentials;
  await ghes.deleteAppToken(asOauthApp, { clientId, accessToken: second.access_token });
  const third = await signIn(installation);
  await ghes.deleteAppAuthorization(asOauthApp, { clientId, accessToken: third.access_token });
}

async function signIn({ ghes, simulator, app, network, asApp }: TestInstallation) {
  const { origin } = asApp.address;
  const { client_id: clientId, client_secret: clientSecret } = app;
  const { verifier, challenge } = ghes.createPkcePair();
  const redirectUri = userCallback;
  const authorization = { origin, clientId, redirectUri, state: 'state-of-the-user', codeChallenge: challenge };
  const octocat = await BrowserSession.signIn(simulator.url, 'octocat');
  const back = await octocat.authorize(ghes.userAuthorizationUrl(authorization));
  equal(back.searchParams.get('state'), 'state-of-the-user');
  const code = back.searchParams.get('code') ?? '';
  const oauthApp = { origin, network, clientId, clientSecret };
  return ghes.exchangeUserCode(oauthApp, { code, redirectUri, codeVerifier: verifier });
}
