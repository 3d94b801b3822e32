import type { AddressInfo } from 'node:net';
import { isCoded } from '@reunite/contracts';
import { assertLoopbackHost, LocalSignIn } from '@reunite/local-sign-in';
import type { Logger, RunningService } from '@reunite/platform';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { LocalIssuerConfig } from './config.js';
import { contentSecurityPolicy, signInPage } from './sign-in-page.js';

const BODY_BYTES = 4_096;

/** Starts the sign-in page and publishes the key of its tokens. */
export async function startLocalIssuer(config: LocalIssuerConfig, logger: Logger): Promise<RunningService> {
  const signIn = await LocalSignIn.open(config.SIGN_IN_KEY_FILE, {
    issuer: config.ISSUER_URL,
    audience: config.JWT_AUDIENCE,
    maxLifetimeSeconds: config.JWT_MAX_LIFETIME_SECONDS,
  });
  const app = fastify({ bodyLimit: BODY_BYTES, forceCloseConnections: true });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  app.setErrorHandler(async (error, _request, reply) => {
    logger.warn({ err: error }, 'sign-in failed');
    const status = isCoded(error) ? 403 : 500;
    return reply
      .code(status)
      .type('text/plain')
      .send(isCoded(error) ? error.message : 'The sign-in failed.');
  });
  publishKeys(app, config.ISSUER_URL, signIn);
  serveSignIn(app, config, signIn);
  await app.listen({ port: config.PORT, host: config.LISTEN_HOST });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

function publishKeys(app: FastifyInstance, issuer: string, signIn: LocalSignIn): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', () => ({ status: 'ok' }));
  app.get('/jwks.json', () => signIn.jwks());
  // https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
  app.get('/.well-known/openid-configuration', () => ({
    issuer,
    jwks_uri: `${issuer}/jwks.json`,
    id_token_signing_alg_values_supported: ['ES256'],
    subject_types_supported: ['public'],
    claims_supported: ['sub', 'name', 'org', 'org_name', 'roles'],
  }));
}

function serveSignIn(app: FastifyInstance, config: LocalIssuerConfig, signIn: LocalSignIn): void {
  const { ISSUER_URL: issuer, CONSOLE_URL: console } = config;
  app.get<{ Querystring: { next?: string } }>('/sign-in', async (request, reply) => {
    assertLoopbackHost(request.headers.host);
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy(console))
      .header('cache-control', 'no-store')
      .send(signInPage(signIn.users(), consolePath(request.query.next, console)));
  });
  app.post<{ Body: URLSearchParams | undefined }>('/sign-in', async (request, reply) => {
    assertLoopbackHost(request.headers.host);
    if (request.headers.origin !== issuer)
      return reply.code(403).type('text/plain').send('The form is of another site.');
    const { token, seconds } = await signIn.signIn(request.body?.get('user') ?? '');
    const path = consolePath(request.body?.get('next') ?? undefined, console);
    return reply
      .header('set-cookie', `session=${token}; Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax`)
      .redirect(console + path, 303);
  });
}

/** The path of the console to open: `/` unless `next` is a path on the console's origin. */
function consolePath(next: string | undefined, console: string): string {
  if (!next?.startsWith('/') || !URL.canParse(next, console)) return '/';
  const url = new URL(next, console);
  return url.origin === console ? url.pathname + url.search + url.hash : '/';
}
