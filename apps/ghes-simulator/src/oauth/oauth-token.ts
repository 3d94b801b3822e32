import type { FastifyInstance } from 'fastify';
import type { Ghes } from '../ghes.js';
import { appByClient, issueTokens, redeemCode, redeemRefreshToken } from './user-tokens.js';

const ERRORS = {
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  bad_verification_code: 'The code passed is incorrect or expired.',
  bad_refresh_token: 'The refresh token passed is incorrect or expired.',
  unsupported_grant_type: 'The grant type is not supported.',
} as const;

type Fields = Record<string, string | number>;

/** `POST /login/oauth/access_token`: accepts and returns a form or JSON. Errors have status 200, as on GitHub. */
export function oauthTokenApi(app: FastifyInstance, ghes: Ghes): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString();
    try {
      const json = request.headers['content-type']?.includes('json') === true;
      done(null, json ? (JSON.parse(text) as unknown) : Object.fromEntries(new URLSearchParams(text)));
    } catch {
      done(null, {});
    }
  });

  app.post('/access_token', (request, reply) => {
    const given = { ...(request.query as object), ...(request.body as object | undefined) } as Record<string, string>;
    const answer = exchange(ghes, given);
    if (request.headers.accept?.includes('json') === true) return reply.send(answer);
    const form = new URLSearchParams(
      Object.entries(answer).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return reply.type('application/x-www-form-urlencoded; charset=utf-8').send(form.toString());
  });
}

function exchange(ghes: Ghes, given: Record<string, string>): Fields {
  const app = appByClient(ghes, given['client_id'] ?? '', given['client_secret'] ?? '');
  if (!app) return failure('incorrect_client_credentials');
  const grant = given['grant_type'] ?? 'authorization_code';
  if (grant === 'refresh_token') {
    const userId = redeemRefreshToken(ghes, app, given['refresh_token'] ?? '');
    return userId === undefined ? failure('bad_refresh_token') : issueTokens(ghes, app, userId);
  }
  if (grant !== 'authorization_code') return failure('unsupported_grant_type');
  ghes.given.add('pkce-verifier', given['code_verifier'] ?? null);
  const userId = redeemCode(ghes, app, given['code'] ?? '', given['code_verifier'], given['redirect_uri']);
  return userId === undefined ? failure('bad_verification_code') : issueTokens(ghes, app, userId);
}

function failure(error: keyof typeof ERRORS): Fields {
  return {
    error,
    error_description: ERRORS[error],
    error_uri: 'https://docs.github.com/enterprise-server/apps/oauth-apps',
  };
}
