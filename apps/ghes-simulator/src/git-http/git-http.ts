import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actingAccount, type Actor } from '../access/actor.js';
import { smartHttp, type SmartHttpRequest, type SmartHttpResponse } from '../git/smart-http.js';
import type { Ghes } from '../ghes.js';
import { changingRefs } from '../repositories/ref-changes.js';
import { gitOf } from '../repositories/repositories.js';
import { ApiError } from '../rest/api.error.js';
import { accountById } from '../state/lookup.js';
import type { Account, Repository } from '../state/model.js';
import { admit, MovedError, needsPassword } from './admit.js';
import { lfsHttp } from './lfs.js';

interface GitRoute {
  readonly Params: { owner: string; repo: string };
  readonly Querystring: { service?: string };
}

type GitRequest = FastifyRequest<GitRoute>;

/** Git over smart HTTP: `clone`, `fetch` and `push`, with or without `.git` in the URL; Git LFS. */
export function gitHttp(app: FastifyInstance, ghes: Ghes): void {
  app.removeAllContentTypeParsers();
  // Packs are streamed to Git unparsed, compressed or not; Git reads the headers.
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  app.setErrorHandler((error, _request, reply) => sendError(ghes, error, reply));

  app.get<GitRoute>('/:owner/:repo/info/refs', async (request, reply) => {
    const { service } = request.query;
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
      throw new ApiError(403, 'Please upgrade your git client.');
    }
    const { actor, repository } = await admit(ghes, request, service === 'git-receive-pack' ? 'write' : 'read');
    await answer(reply, await run(ghes, request, repository, actor, '/info/refs'));
    return reply;
  });

  app.post<GitRoute>('/:owner/:repo/git-upload-pack', async (request, reply) => {
    const { actor, repository } = await admit(ghes, request, 'read');
    await answer(reply, await run(ghes, request, repository, actor, '/git-upload-pack'));
    return reply;
  });

  app.post<GitRoute>('/:owner/:repo/git-receive-pack', async (request, reply) => {
    const { actor, repository } = await admit(ghes, request, 'write');
    await receive(ghes, request, reply, repository, actor);
    return reply;
  });

  lfsHttp(app, ghes);
}

/** Completes a push after its events are sent and pull requests are updated, so that clients can rely on both. */
async function receive(
  ghes: Ghes,
  request: GitRequest,
  reply: FastifyReply,
  repository: Repository,
  actor: Actor,
): Promise<void> {
  let response: SmartHttpResponse | undefined;
  try {
    await changingRefs(ghes, repository, pusherOf(actor), async () => {
      response = await run(ghes, request, repository, actor, '/git-receive-pack');
      void reply.code(response.status).headers(response.headers).send(response.body);
      await response.ended;
    });
    await ghes.store.flush();
  } catch (error) {
    if (response === undefined) throw error;
    ghes.log.error({ err: error, repository: repository.id }, 'cannot send the events of a push');
  } finally {
    response?.finish();
  }
}

async function answer(reply: FastifyReply, response: SmartHttpResponse): Promise<void> {
  void response.ended.then(() => response.finish());
  await reply.code(response.status).headers(response.headers).send(response.body);
}

function run(
  ghes: Ghes,
  request: GitRequest,
  repository: Repository,
  actor: Actor,
  path: string,
): Promise<SmartHttpResponse> {
  const owner = accountById(ghes.store, repository.ownerId).login;
  const { headers } = request;
  const wanted: SmartHttpRequest = {
    root: ghes.git.root,
    method: request.method,
    pathInfo: `/${owner}/${repository.name}.git${path}`,
    queryString: request.url.split('?')[1] ?? '',
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    contentLength: headers['content-length'],
    gitProtocol: [headers['git-protocol']].flat()[0],
    remoteUser: actingAccount(actor)?.login ?? 'anonymous',
    body: request.method === 'POST' ? (request.body as Readable) : undefined,
  };
  return smartHttp(gitOf(ghes, repository), wanted);
}

function pusherOf(actor: Actor): Account {
  const account = actingAccount(actor);
  if (!account) throw needsPassword();
  return account;
}

function sendError(ghes: Ghes, error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof MovedError) return reply.redirect(error.location, 301);
  const answered = error instanceof ApiError ? error : undefined;
  if (!answered) ghes.log.error({ err: error }, 'git request failed');
  if (answered?.status === 401) void reply.header('www-authenticate', 'Basic realm="GitHub"');
  return reply
    .code(answered?.status ?? 500)
    .type('text/plain; charset=utf-8')
    .send(`${answered?.message ?? 'Internal error'}\n`);
}
