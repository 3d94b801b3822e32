import type { FastifyRequest, RouteOptions } from 'fastify';
import { bearerToken } from '../auth/auth.guard.js';
import { SESSION_COOKIE } from '../auth/session-cookie.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { UnauthenticatedError } from '../auth/unauthenticated.error.js';

/** The part of Fastify that this needs. */
interface Routes {
  addHook(name: 'onRoute', hook: (route: RouteOptions) => void): unknown;
}

/** Base64 and the JSON around it. */
export function commitBodyBytes(totalBytes: number): number {
  return Math.ceil(totalBytes * 1.4) + 1_048_576;
}

/**
 * Only commits carry files: everything else stays at the small limit. Who calls is asked before so much is read, and
 * again with all else by the guard.
 */
export function allowLargeCommits(fastify: Routes, totalBytes: number, tokens: TokenVerifier): void {
  const onRequest = async ({ headers, cookies }: FastifyRequest) => {
    const token = bearerToken(headers.authorization) ?? cookies[SESSION_COOKIE];
    if (token === undefined) throw new UnauthenticatedError('Sign in first.');
    await tokens.verify(token);
  };
  fastify.addHook('onRoute', (route) => {
    if (route.method !== 'POST' || route.url !== '/v1/projects/:id/commits') return;
    Object.assign(route, { bodyLimit: commitBodyBytes(totalBytes), onRequest });
  });
}
