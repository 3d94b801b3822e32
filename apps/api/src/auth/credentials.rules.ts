import type { FastifyRequest } from 'fastify';
import { assertSameOrigin } from './same-origin.js';
import { sessionCookieName } from './session-cookie.js';

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(authorization ?? '')?.[1];
}

/**
 * The token of a request: of its `Authorization` header, else of its session cookie.
 *
 * @throws ForbiddenError if a request with a cookie changes something and comes from another origin
 */
export function tokenOf(
  request: Pick<FastifyRequest, 'headers' | 'cookies' | 'method'>,
  publicUrl: string,
): string | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return bearerToken(authorization);
  const cookie = request.cookies[sessionCookieName(publicUrl)];
  if (cookie !== undefined) assertSameOrigin(request, publicUrl, true);
  return cookie;
}
