import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Ghes } from '../ghes.js';
import { ApiError, statusOf } from '../rest/api.error.js';
import { appManifestPages } from './app-manifest.js';
import { appSettingsPages } from './app-settings.js';
import { commitPages } from './commits.js';
import { filePages } from './files.js';
import { homePages } from './home.js';
import { html } from './html.js';
import { installPages } from './install.js';
import { installationSettingsPages } from './installation-settings.js';
import { oauthPages } from './oauth.js';
import { pullPages } from './pulls.js';
import { Sessions } from './sessions.js';
import { signInPages } from './sign-in.js';
import { Site } from './site.js';
import { style } from './style.js';

/** The server's pages, without scripts. */
export function webPages(app: FastifyInstance, ghes: Ghes): void {
  const site = new Site(ghes, new Sessions(ghes));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(body.toString()));
  });
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
    );
    void reply.header('referrer-policy', 'same-origin');
    done();
  });
  app.setErrorHandler((error, request, reply) => sendProblem(site, error, request, reply));
  app.get('/assets/site.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
  for (const pages of [signInPages, homePages, appManifestPages, appSettingsPages]) pages(app, site);
  for (const pages of [installPages, installationSettingsPages, oauthPages]) pages(app, site);
  for (const pages of [filePages, commitPages, pullPages]) pages(app, site);
  app.get('*', (request, reply) => {
    void reply.code(404);
    return site.send(request, reply, 'Not found', html`<h1>Not found</h1>`);
  });
}

function sendProblem(site: Site, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (status === 401) {
    const target = request.method === 'GET' ? request.url : '/';
    return reply.redirect(`/login?return_to=${encodeURIComponent(target)}`, 303);
  }
  if (status >= 500) site.ghes.log.error({ err: error }, 'page failed');
  const details = error instanceof ApiError ? (error.errors ?? []) : [];
  const words = details.map((item) =>
    typeof item === 'string' ? item : (item.message ?? `${item.field} is ${item.code}`),
  );
  const detail = status < 500 && error instanceof Error ? error.message : 'Something went wrong on the server.';
  const message = [detail, ...words].join(': ');
  void reply.code(status);
  return site.send(
    request,
    reply,
    message,
    html`<h1>${status}</h1>
      <p class="box fault" role="alert">${message}</p>`,
  );
}
