import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../access/authenticate.js';
import type { Ghes } from '../ghes.js';
import { ApiError, notFound, statusOf } from './api.error.js';
import { appHookApi } from './app-hook.js';
import { appsApi } from './apps.js';
import { commitsApi } from './commits.js';
import { gitDatabaseApi } from './git-database.js';
import { installationApi } from './installation.js';
import { metaApi } from './meta.js';
import { pullsApi } from './pulls.js';
import { repositoriesApi } from './repositories.js';
import { usersApi } from './users.js';

const documentation = 'https://docs.github.com/enterprise-server/rest';

/** The REST API, to be registered under `/api/v3`. */
export function restApi(app: FastifyInstance, ghes: Ghes): void {
  app.decorateRequest('actor');
  parseAnyBodyAsJson(app);
  app.addHook('onRequest', async (request) => {
    request.actor = await authenticate(ghes, request.headers.authorization);
    const open = request.url.includes('/app-manifests/');
    if (ghes.settings.privateMode && request.actor.kind === 'anonymous' && !open) {
      throw new ApiError(401, 'Must authenticate to access this API.');
    }
  });
  app.addHook('onSend', (request, reply, payload, done) => done(null, conditional(request, reply, payload)));
  app.setErrorHandler((error, _request, reply) => sendError(ghes, error, reply));
  app.setNotFoundHandler((_request, reply) => sendError(ghes, notFound(), reply));
  for (const routes of [metaApi, appsApi, appHookApi, installationApi, usersApi]) routes(app, ghes);
  for (const routes of [repositoriesApi, gitDatabaseApi, pullsApi, commitsApi]) routes(app, ghes);
}

/** GitHub reads every body as JSON whatever its type says, and takes an empty one for no fields. */
function parseAnyBodyAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body.length === 0 ? {} : JSON.parse(body.toString()));
    } catch {
      done(new ApiError(400, 'Problems parsing JSON'));
    }
  });
}

/** Answers to GET carry an ETag; who has the same is told so. */
function conditional(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const etag = `W/"${createHash('sha256').update(payload).digest('hex')}"`;
  void reply.header('etag', etag).header('cache-control', 'private, max-age=60, s-maxage=60');
  if (request.headers['if-none-match'] !== etag) return payload;
  void reply.code(304);
  return '';
}

function sendError(ghes: Ghes, error: unknown, reply: FastifyReply): FastifyReply {
  const known = error instanceof ApiError ? error : unexpected(ghes, error);
  return reply.code(known.status).send({
    message: known.message,
    ...(known.errors ? { errors: known.errors } : {}),
    documentation_url: documentation,
    status: String(known.status),
  });
}

function unexpected(ghes: Ghes, error: unknown): ApiError {
  const status = statusOf(error);
  if (status < 500 && error instanceof Error) return new ApiError(status, error.message);
  ghes.log.error({ err: error }, 'request failed');
  return new ApiError(500, 'Server Error');
}
