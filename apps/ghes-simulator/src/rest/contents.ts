import { posix } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requireRepository } from '../access/authorize.js';
import type { BareRepository } from '../git/bare-repository.js';
import { entryAt, listTree, readBlob, type TreeEntry } from '../git/trees.js';
import type { Ghes } from '../ghes.js';
import { apiUrl, encodePath, fullName, htmlUrl } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import type { Repository } from '../state/model.js';
import { ApiError, notFound } from './api.error.js';
import type { RepositoryParams } from './requests.js';

/** Files up to 1 MB include their content; up to 100 MB only the raw media type returns it. */
const LARGEST_INLINE = 1024 * 1024;
const LARGEST_RAW = 100 * 1024 * 1024;

interface ContentsRoute {
  readonly Params: RepositoryParams & { '*'?: string };
  readonly Querystring: { ref?: string };
}

interface Place {
  readonly ghes: Ghes;
  readonly repository: Repository;
  readonly git: BareRepository;
  readonly commit: string;
  readonly ref: string;
}

/** https://docs.github.com/enterprise-server/rest/repos/contents */
export function contentsApi(app: FastifyInstance, ghes: Ghes): void {
  const contents = async (request: FastifyRequest<ContentsRoute>, reply: FastifyReply) => {
    const repository = requireRepository(ghes, request.actor, request.params, 'contents', 'read');
    const git = gitOf(ghes, repository);
    const ref = request.query.ref ?? repository.defaultBranch;
    const commit = await git.resolve(ref);
    if (commit === undefined) {
      throw new ApiError(
        404,
        repository.pushedAt === null ? 'This repository is empty.' : `No commit found for the ref ${ref}`,
      );
    }
    const path = (request.params['*'] ?? '').replace(/^\/+|(?<!\/)\/+$/g, '');
    const entry = await entryAt(git, commit, path);
    if (!entry) throw notFound();
    const place = { ghes, repository, git, commit, ref };
    if (entry.type === 'tree') return directory(place, entry, path);
    if (entry.type === 'commit') return submodule(place, entry);
    return file(place, await followed(place, entry), request, reply);
  };
  app.get('/repos/:owner/:repo/contents', contents);
  app.get('/repos/:owner/:repo/contents/*', contents);
}

/** A symbolic link to a file of the repository is returned as that file, with the path of the link. */
async function followed({ git, commit }: Place, entry: TreeEntry): Promise<TreeEntry & { target?: string }> {
  if (entry.mode !== '120000') return entry;
  const target = (await readBlob(git, entry.sha)).toString('utf8');
  const path = posix.normalize(posix.join(posix.dirname(entry.path), target));
  const entryAtTarget = target.startsWith('/') ? undefined : await entryAt(git, commit, path);
  if (entryAtTarget?.type === 'blob' && entryAtTarget.mode !== '120000') return { ...entryAtTarget, path: entry.path };
  return { ...entry, target };
}

async function file(
  place: Place,
  entry: TreeEntry & { target?: string },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const size = entry.size ?? 0;
  if (size > LARGEST_RAW) {
    throw new ApiError(
      403,
      'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.',
    );
  }
  const content = await readBlob(place.git, entry.sha);
  if (/application\/vnd\.github\.(v3\.)?raw/.test(request.headers.accept ?? '')) {
    return reply.type('application/vnd.github.raw+json; charset=utf-8').send(content);
  }
  const common = item(place, entry, 'blob');
  if (entry.target !== undefined) return { ...common, type: 'symlink', target: entry.target };
  if (size > LARGEST_INLINE) return { ...common, type: 'file', encoding: 'none', content: '' };
  return {
    ...common,
    type: 'file',
    encoding: 'base64',
    content: content.toString('base64').replace(/.{1,60}/g, '$&\n'),
  };
}

/** Lists return a submodule as a file, as GitHub does for backward compatibility. */
async function directory(place: Place, { sha }: TreeEntry, path: string) {
  const entries = await listTree(place.git, sha);
  return entries.map((entry) => {
    const full = { ...entry, path: path === '' ? entry.path : `${path}/${entry.path}` };
    const kind = entry.type === 'tree' ? 'dir' : entry.mode === '120000' ? 'symlink' : 'file';
    return { ...item(place, full, entry.type), type: kind };
  });
}

async function submodule(place: Place, entry: TreeEntry) {
  const { git, commit } = place;
  const config = await entryAt(git, commit, '.gitmodules');
  const text = config ? (await readBlob(git, config.sha)).toString('utf8') : '';
  const section = text.split('[submodule ').find((part) => valueOf(part, 'path') === entry.path);
  const url = valueOf(section ?? '', 'url');
  return { ...item(place, entry, 'commit'), type: 'submodule', submodule_git_url: url };
}

function item({ ghes, repository, ref }: Place, { path, sha, size }: TreeEntry, type: TreeEntry['type']) {
  const name = fullName(ghes, repository);
  const where = encodePath(path);
  const query = `?ref=${encodeURIComponent(ref)}`;
  const url = apiUrl(ghes, `/repos/${name}/contents/${where}${query}`);
  const page = htmlUrl(ghes, `/${name}/${type === 'tree' ? 'tree' : 'blob'}/${ref}/${where}`);
  const git = type === 'commit' ? null : apiUrl(ghes, `/repos/${name}/git/${type}s/${sha}`);
  return {
    name: posix.basename(path),
    path,
    sha,
    size: size ?? 0,
    url,
    html_url: page,
    git_url: git,
    download_url: type === 'blob' ? htmlUrl(ghes, `/${name}/raw/${ref}/${where}`) : null,
    _links: { self: url, git, html: page },
  };
}

/** The value of a key in one section of git's configuration format. */
function valueOf(section: string, key: string): string | null {
  for (const line of section.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0 && line.slice(0, equals).trim() === key) return line.slice(equals + 1).trim();
  }
  return null;
}
