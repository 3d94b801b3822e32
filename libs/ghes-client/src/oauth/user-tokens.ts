import { z } from 'zod';
import { GhesForbiddenError } from '../errors/forbidden.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { GhesUnauthorizedError } from '../errors/unauthorized.error.js';
import { GhesValidationError } from '../errors/validation.error.js';
import type { GhesNetwork, WireResponse } from '../network/ghes-network.js';
import { API_HEADERS } from '../octokit.js';
import { withPolicies } from '../policies/call-policies.js';
import { readJson } from '../policies/read-json.rules.js';
import { readBody } from '../read-body.rules.js';
import { redact } from '../redact.rules.js';
import { responseError } from '../response-error.rules.js';
import { serverAddress } from '../server-address.rules.js';

/** The app that requests tokens, on its server. */
export interface OAuthApp {
  readonly origin: string;
  readonly network: GhesNetwork;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
}

/** Short, because other requests of the same user wait for the token. */
const TOTAL_TIMEOUT_MS = 10_000;

const seconds = z.coerce.number().int().positive().optional();

const userTokenSchema = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string(),
  /** In seconds. Absent, like the following fields, if the app's user tokens do not expire. */
  expires_in: seconds,
  refresh_token: z.string().optional(),
  refresh_token_expires_in: seconds,
});

/** A token with which the app acts for a user. For the vault only. */
export type UserToken = z.output<typeof userTokenSchema>;

const errorSchema = z.looseObject({ error: z.string(), error_description: z.string().optional() });

/**
 * Exchanges the code of an authorization, [once and within ten
 * minutes](https://docs.github.com/enterprise-server@latest/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app).
 *
 * @throws GhesValidationError for a code that is wrong, used or expired; GhesUnauthorizedError for wrong client
 *   credentials
 */
export async function exchangeUserCode(
  app: OAuthApp,
  { code, redirectUri, codeVerifier }: { code: string; redirectUri: string; codeVerifier: string },
): Promise<UserToken> {
  return requestToken(app, { code, redirect_uri: redirectUri, code_verifier: codeVerifier });
}

/**
 * [Refreshes a user
 * token](https://docs.github.com/enterprise-server@latest/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens).
 * Returns two new tokens and invalidates the old ones.
 *
 * @throws GhesUnauthorizedError if the refresh token is no longer valid: the user has to authorize the app again
 */
export async function refreshUserToken(app: OAuthApp, { refreshToken }: { refreshToken: string }): Promise<UserToken> {
  return requestToken(app, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

async function requestToken(app: OAuthApp, parameters: Record<string, string>): Promise<UserToken> {
  const { network, clientId, clientSecret, signal } = app;
  const { origin } = serverAddress(app.origin);
  const url = `${origin}/login/oauth/access_token`;
  // An attempt uses up the code or refresh token, so it is a write.
  const call = {
    network,
    auth: { type: 'none' },
    kind: 'write',
    resource: 'core',
    quota: `oauth ${clientId}`,
  } as const;
  return withPolicies(call, async ({ quota }) => {
    const response = await network.send({
      origin,
      url,
      method: 'POST',
      operation: 'POST /login/oauth/access_token',
      headers: {
        'user-agent': API_HEADERS['user-agent'],
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...parameters }).toString(),
      quota,
      totalTimeoutMs: TOTAL_TIMEOUT_MS,
      size: 'token',
      signal,
    });
    return readToken(response, url, network.clockSkewSeconds());
  });
}

function readToken(response: WireResponse, url: string, clockSkewSeconds: number): UserToken {
  const subject = `POST ${url}`;
  const body = readFields(response, subject);
  const { status } = response;
  // Errors have status 200 as well as 400 and 401.
  const failed = errorSchema.safeParse(body);
  if (failed.success) throw oauthError(failed.data, subject, status);
  if (status !== 200) throw responseError({ method: 'POST', url, ...response, body }, new Date(), clockSkewSeconds);
  if (body === undefined)
    throw new GhesMalformedResponseError(`${subject} was answered with nothing.`, 'empty', { status });
  return readBody({ data: body, status }, subject, userTokenSchema);
}

/** JSON is requested, but a gateway that drops the `accept` header receives the default, a form. */
function readFields(response: WireResponse, subject: string): unknown {
  const type = response.headers['content-type'] ?? '';
  if (!type.toLowerCase().startsWith('application/x-www-form-urlencoded')) return readJson(response, subject);
  return Object.fromEntries(new URLSearchParams(response.body.toString('utf8')));
}

type OAuthError = z.output<typeof errorSchema>;

function oauthError({ error, error_description: description }: OAuthError, subject: string, status: number): Error {
  const text = `${error.slice(0, 100)}${description === undefined ? '' : `: ${description.slice(0, 1_000)}`}`;
  const message = redact(`${subject} was answered with ${text}`).slice(0, 400);
  switch (error) {
    case 'incorrect_client_credentials':
    case 'bad_refresh_token':
    case 'unauthorized':
      return new GhesUnauthorizedError(message, { status });
    case 'access_denied':
    case 'application_suspended':
    case 'unverified_user_email':
      return new GhesForbiddenError(message, undefined, { status });
    default:
      return new GhesValidationError(message, { status });
  }
}
