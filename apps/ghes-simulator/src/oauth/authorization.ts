import type { Ghes } from '../ghes.js';
import { ApiError } from '../rest/api.error.js';
import type { Account, App } from '../state/model.js';
import { createCode } from './user-tokens.js';

/** Parameters of `/login/oauth/authorize`. */
export type AuthorizationQuery = Readonly<Record<string, string | undefined>>;

/**
 * The app and the callback of an authorization request.
 *
 * @throws ApiError 404 for an unknown app, 400 for a callback that the app has not registered, or PKCE other than S256
 */
export function authorizationOf(ghes: Ghes, query: AuthorizationQuery): { client: App; redirectUri: string } {
  const client = ghes.store.state.apps.find((item) => item.clientId === query['client_id']);
  if (!client) throw new ApiError(404, 'Not Found');
  const { redirect_uri: requested = '' } = query;
  const redirectUri = requested === '' ? client.callbackUrls[0] : requested;
  // Apps need an exact match; paths below a callback URL are for OAuth apps only.
  if (redirectUri === undefined || !client.callbackUrls.includes(redirectUri)) {
    throw new ApiError(400, 'The redirect_uri is not associated with this application.');
  }
  if (query['code_challenge'] && query['code_challenge_method'] !== 'S256') {
    throw new ApiError(400, 'The code_challenge_method must be S256.');
  }
  return { client, redirectUri };
}

/** Authorizes the app for the user. @returns the callback URL with the code and the state */
export function authorizeUser(ghes: Ghes, user: Account, query: AuthorizationQuery): URL {
  const { client, redirectUri } = authorizationOf(ghes, query);
  const challenge = query['code_challenge'];
  const codeChallenge = challenge === '' ? undefined : challenge;
  return callbackUrl(redirectUri, query, { code: createCode(ghes, { app: client, user, redirectUri, codeChallenge }) });
}

/** @returns the callback URL with the error that reports a cancelled authorization */
export function denyAuthorization(ghes: Ghes, query: AuthorizationQuery): URL {
  return callbackUrl(authorizationOf(ghes, query).redirectUri, query, { error: 'access_denied' });
}

function callbackUrl(redirectUri: string, query: AuthorizationQuery, result: Record<string, string>): URL {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(result)) target.searchParams.set(name, value);
  if (query['state']) target.searchParams.set('state', query['state']);
  return target;
}
