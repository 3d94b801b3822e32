import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../access/authenticate.js';
import type { Conformance } from '../conformance/conformance.js';
import type { Ghes } from '../ghes.js';
import { ApiError, notFound, statusOf } from './api.error.js';
import { inNewVersion } from './api-version.js';
import { appHookApi } from './app-hook.js';
import { applicationsApi } from './applications.js';
import { appsApi } from './apps.js';
import { archivesApi } from '../archives/archives.js';
import { checksApi } from './checks.js';
import { commitsApi } from './commits.js';
import { compareApi } from './compare.js';
import { contentsApi } from './contents.js';
import { gitDatabaseApi } from './git-database.js';
import { gitWritingApi } from './git-writing.js';
import { installationApi } from './installation.js';
import { mergesApi } from './merges.js';
import { issueCommentsApi } from './issue-comments.js';
import { metaApi } from './meta.js';
import { organizationsApi } from './organizations.js';
import { pullDetailsApi } from './pull-details.js';
import { pullsApi } from './pulls.js';
import { repositoriesApi } from './repositories.js';
import { movedTo } from './repository-addresses.js';
import { usersApi } from './users.js';

const DOCUMENTATION = 'https://docs.github.com/enterprise-server/rest';

/** The REST API, to be registered under `/api/v3`. */
export function restApi(app: FastifyInstance, ghes: Ghes): void {
  app.decorateRequest('actor');
  parseAnyBodyAsJson(app);
  app.addHook('onRequest', async (request, reply) => {
    // These operations use the client secret of an app as the password.
    const asClient = request.url.startsWith('/api/v3/applications/');
    request.actor = asClient ? { kind: 'anonymous' } : await authenticate(ghes, request.headers.authorization);
    const open = asClient || request.url.includes('/app-manifests/');
    if (ghes.settings.privateMode && request.actor.kind === 'anonymous' && !open) {
      throw new ApiError(401, 'Must authenticate to access this API.');
    }
    const location = movedTo(ghes, request);
    if (location !== undefined) {
      const message = request.method === 'GET' ? 'Moved Permanently' : 'Temporary Redirect';
      const body = { message, url: location, documentation_url: DOCUMENTATION };
      return reply
        .code(request.method === 'GET' ? 301 : 307)
        .header('location', location)
        .send(body);
    }
    return undefined;
  });
  if (ghes.settings.apiVersion === '2026-03-10') {
    app.addHook('preSerialization', (_request, _reply, payload, done) => done(null, inNewVersion(payload)));
  }
  app.addHook('onSend', (request, reply, payload, done) => {
    if (ghes.conformance) record(ghes.conformance, request, reply, payload);
    done(null, conditional(request, reply, payload));
  });
  app.setErrorHandler((error, _request, reply) => sendError(ghes, error, reply));
  app.setNotFoundHandler((_request, reply) => sendError(ghes, notFound(), reply));
  for (const routes of [metaApi, appsApi, appHookApi, installationApi, usersApi]) routes(app, ghes);
  for (const routes of [organizationsApi, applicationsApi, checksApi, compareApi, contentsApi]) routes(app, ghes);
  for (const routes of [archivesApi, gitWritingApi, mergesApi, pullDetailsApi]) routes(app, ghes);
  for (const routes of [repositoriesApi, gitDatabaseApi, pullsApi, issueCommentsApi, commitsApi]) routes(app, ghes);
}

/** GitHub parses every body as JSON, whatever its content type, and an empty one as an empty object. */
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

/** Checks an answer, unless a fault produced it. */
function record(conformance: Conformance, request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  if (request.fault !== undefined || (payload !== undefined && payload !== null && typeof payload !== 'string')) return;
  const { pathname, searchParams } = new URL(request.url, 'http://server');
  conformance.checkExchange({
    method: request.method,
    path: pathname.slice('/api/v3'.length),
    query: searchParams,
    body: request.body,
    status: reply.statusCode,
    contentType: String(reply.getHeader('content-type') ?? ''),
    answer: payload ?? '',
  });
}

/** Adds an ETag to answers to GET, and answers 304 if the client has it. */
function conditional(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
  const etag = `W/"${createHash('sha256').update(payload).digest('hex')}"`;
  void reply.header('etag', etag).header('cache-control', 'private, max-age=60, s-maxage=60');
  if (request.headers['if-none-match'] !== etag) return payload;
  void reply.code(304);
  return '';
}

function sendError(ghes: Ghes, error: unknown, reply: FastifyReply): FastifyReply {
  const answered = error instanceof ApiError ? error : unexpected(ghes, error);
  return reply.code(answered.status).send({
    message: answered.message,
    ...(answered.errors ? { errors: answered.errors } : {}),
    documentation_url: DOCUMENTATION,
    status: String(answered.status),
  });
}

function unexpected(ghes: Ghes, error: unknown): ApiError {
  const status = statusOf(error);
  if (status < 500 && error instanceof Error) return new ApiError(status, error.message);
  ghes.log.error({ err: error }, 'request failed');
  return new ApiError(500, 'Server Error');
}
