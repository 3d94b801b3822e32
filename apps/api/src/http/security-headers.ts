import type { FastifyInstance } from 'fastify';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  // The manifest form is posted to the server that the user connects, wherever that is.
  "form-action 'self' http: https:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** One year; without `includeSubDomains`, because previews may be served by another proxy. */
const STRICT_TRANSPORT_SECURITY = 'max-age=31536000';

/** Responses that depend on the caller. */
const PRIVATE_PATH = /^\/(?:v1|auth|callback)(?:\/|\?|$)/;

/** Adds the headers of OWASP ASVS 5.0 chapter 3.4 to every response, and `no-store` to those of the API. */
export function addSecurityHeaders(fastify: FastifyInstance, publicUrl: string): void {
  const headers: Record<string, string> = {
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
  if (publicUrl.startsWith('https:')) headers['strict-transport-security'] = STRICT_TRANSPORT_SECURITY;
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (PRIVATE_PATH.test(request.url)) reply.header('cache-control', 'no-store');
  });
}
