import { extname } from 'node:path/posix';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BareRepository } from '../git/bare-repository.js';
import { entryAt, listTree, readBlob, type TreeEntry } from '../git/trees.js';
import { encodePath, fullName } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { ApiError } from '../rest/api.error.js';
import type { Repository } from '../state/model.js';
import { html, type Html } from './html.js';
import { repositoryFrame } from './repository-frame.js';
import type { Site } from './site.js';

interface FileRoute {
  readonly Params: { owner: string; repo: string; '*': string };
}

/** Content types of images. All other files are served as plain text. */
const PICTURES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
};
const LARGEST_SHOWN = 512 * 1024;

interface Place {
  readonly repository: Repository;
  readonly git: BareRepository;
  readonly ref: string;
  readonly commit: string;
  readonly path: string;
}

export function filePages(app: FastifyInstance, site: Site): void {
  app.get<{ Params: { owner: string; repo: string } }>('/:owner/:repo', async (request, reply) => {
    const { owner, repo } = request.params;
    if (repo.endsWith('.git')) return reply.redirect(`/${owner}/${repo.slice(0, -'.git'.length)}`);
    const repository = site.repository(request);
    const git = gitOf(site.ghes, repository);
    const ref = repository.defaultBranch;
    const commit = await git.resolve(`heads/${ref}`);
    const body =
      commit === undefined
        ? emptyPage(site, repository)
        : await treePage(site, { repository, git, ref, commit, path: '' });
    return site.send(request, reply, repository.name, repositoryFrame(site.ghes, repository, body));
  });

  app.get<FileRoute>('/:owner/:repo/tree/*', async (request, reply) => {
    const place = await find(site, request);
    const body = await treePage(site, place);
    return site.send(request, reply, place.repository.name, repositoryFrame(site.ghes, place.repository, body));
  });

  app.get<FileRoute>('/:owner/:repo/blob/*', async (request, reply) => {
    const place = await find(site, request);
    const body = await filePage(site, place);
    return site.send(request, reply, place.path, repositoryFrame(site.ghes, place.repository, body));
  });

  app.get<FileRoute>('/:owner/:repo/raw/*', async (request, reply) => {
    const place = await find(site, request);
    const content = await readBlob(place.git, (await blobAt(place)).sha);
    return reply.type(PICTURES[extname(place.path).toLowerCase()] ?? 'text/plain; charset=utf-8').send(content);
  });
}

/** Splits `docs/new/guides/x.md` into ref and path: the longest existing ref wins. */
async function find(site: Site, request: FastifyRequest<FileRoute>): Promise<Place> {
  const repository = site.repository(request);
  const git = gitOf(site.ghes, repository);
  const parts = request.params['*'].replace(/\/$/, '').split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const ref = parts.slice(0, length).join('/');
    const commit = await git.resolve(ref);
    if (commit !== undefined) return { repository, git, ref, commit, path: parts.slice(length).join('/') };
  }
  throw new ApiError(404, 'Not Found');
}

async function blobAt({ git, commit, path }: Place): Promise<TreeEntry> {
  const entry = await entryAt(git, commit, path);
  if (entry?.type !== 'blob') throw new ApiError(404, 'Not Found');
  return entry;
}

async function treePage(site: Site, place: Place): Promise<Html> {
  const { git, commit, path, ref } = place;
  const entry = await entryAt(git, commit, path);
  if (entry?.type !== 'tree') throw new ApiError(404, 'Not Found');
  const entries = await listTree(git, entry.sha);
  const folders = (item: TreeEntry) => (item.type === 'tree' ? 0 : 1);
  entries.sort((left, right) => folders(left) - folders(right));
  const name = fullName(site.ghes, place.repository);
  const link = (item: TreeEntry) => {
    const kind = item.type === 'tree' ? 'tree' : 'blob';
    return `/${name}/${kind}/${encodePath([ref, path, item.path].filter(Boolean).join('/'))}`;
  };
  return html`<p>
      <span class="label">${ref}</span> ${breadcrumbs(name, ref, path)}
      <span class="muted">at <a href="/${name}/commit/${commit}">${commit.slice(0, 7)}</a></span>
    </p>
    <table>
      ${entries.map(
        (item) =>
          html`<tr>
            <td>
              ${item.type === 'commit' ? item.path : html`<a href="${link(item)}">${item.path}${item.type === 'tree' ? '/' : ''}</a>`}
            </td>
            <td class="muted">${item.size === undefined ? '' : `${item.size} bytes`}</td>
          </tr>`,
      )}
    </table>
    <p class="muted">Clone: <code>${site.ghes.settings.publicUrl}/${name}.git</code></p>`;
}

async function filePage(site: Site, place: Place): Promise<Html> {
  const entry = await blobAt(place);
  const name = fullName(site.ghes, place.repository);
  const raw = `/${name}/raw/${encodePath(`${place.ref}/${place.path}`)}`;
  const picture = extname(place.path).toLowerCase() in PICTURES;
  const large = (entry.size ?? 0) > LARGEST_SHOWN;
  const content = picture || large ? undefined : await readBlob(place.git, entry.sha);
  const shown = picture
    ? html`<p><img src="${raw}" alt="${place.path}" /></p>`
    : content === undefined || content.includes(0)
      ? html`<p class="muted">Not shown: ${entry.size} bytes.</p>`
      : html`<pre>${content.toString('utf8')}</pre>`;
  return html`<p>
      <span class="label">${place.ref}</span> ${breadcrumbs(name, place.ref, place.path)} · <a href="${raw}">Raw</a>
    </p>
    ${shown}`;
}

function breadcrumbs(name: string, ref: string, path: string): Html {
  const parts = path.split('/').filter(Boolean);
  return html`<a href="/${name}/tree/${encodePath(ref)}">${name.split('/')[1]}</a>${parts.map((part, index) => {
      const target = encodePath([ref, ...parts.slice(0, index + 1)].join('/'));
      return index === parts.length - 1 ? html` / ${part}` : html` / <a href="/${name}/tree/${target}">${part}</a>`;
    })}`;
}

function emptyPage(site: Site, repository: Repository): Html {
  const address = `${site.ghes.settings.publicUrl}/${fullName(site.ghes, repository)}.git`;
  return html`<p>This repository is empty. Push something:</p>
    <pre>
git remote add origin ${address}
git push -u origin main</pre>`;
}
