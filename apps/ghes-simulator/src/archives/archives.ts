import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireRepository } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { fullName, htmlUrl } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { notFound } from '../rest/api.error.js';
import type { RepositoryParams } from '../rest/requests.js';
import { accountById, findRepository } from '../state/lookup.js';
import type { ArchiveFormat } from './archive-links.js';

type ArchiveRequest = FastifyRequest<{ Params: RepositoryParams & { '*'?: string } }>;

/** https://docs.github.com/enterprise-server/rest/repos/contents#download-a-repository-archive-tar */
export function archivesApi(app: FastifyInstance, ghes: Ghes): void {
  const redirect = (format: ArchiveFormat) => async (request: ArchiveRequest, reply: FastifyReply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'contents', 'read');
    const ref = request.params['*'] ?? repository.defaultBranch;
    const commit = await gitOf(ghes, repository).resolve(ref);
    if (commit === undefined) throw notFound();
    const token = ghes.archives.create(repository.id, commit, format);
    const path = `/_codeload/${fullName(ghes, repository)}/legacy.${format}/${encodeURI(ref)}?token=${token}`;
    return reply.code(302).header('location', htmlUrl(ghes, path)).header('cache-control', 'no-store').send();
  };
  for (const [name, format] of [
    ['tarball', 'tar.gz'],
    ['zipball', 'zip'],
  ] as const) {
    app.get(`/repos/:owner/:repo/${name}`, redirect(format));
    app.get(`/repos/:owner/:repo/${name}/*`, redirect(format));
  }
}

/** Serves archives by their link, without authentication: the link is the credential. */
export function codeload(app: FastifyInstance, ghes: Ghes): void {
  app.get<{ Params: RepositoryParams; Querystring: { token?: string } }>(
    '/_codeload/:owner/:repo/:format/*',
    (request, reply) => {
      const repository = findRepository(ghes.store, request.params.owner, request.params.repo);
      const link = ghes.archives.find(request.query.token ?? '');
      if (!link || link.repositoryId !== repository?.id)
        return reply.code(404).type('text/plain').send('404: Not Found');
      const name = `${accountById(ghes.store, repository.ownerId).login}-${repository.name}-${link.commit.slice(0, 7)}`;
      const git = gitOf(ghes, repository);
      const args = ['--git-dir', git.directory, 'archive', `--format=${link.format}`, `--prefix=${name}/`, link.commit];
      const child = git.spawn(args);
      child.stdin.end();
      child.stderr.resume();
      reply.raw.once('close', () => child.kill());
      return reply
        .type(link.format === 'zip' ? 'application/zip' : 'application/x-gzip')
        .header('content-disposition', `attachment; filename=${name}.${link.format}`)
        .send(child.stdout);
    },
  );
}
