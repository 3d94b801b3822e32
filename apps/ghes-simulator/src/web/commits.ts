import type { FastifyInstance } from 'fastify';
import { readCommit, readCommits, utcTime } from '../git/commit-object.js';
import { changedPaths, commitsBetween } from '../git/history.js';
import { encodePath, fullName } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { ApiError } from '../rest/api.error.js';
import { combinedState, latestStatuses } from '../statuses/statuses.js';
import { html } from './html.js';
import { repositoryFrame, statusTable } from './repository-frame.js';
import type { Site } from './site.js';

interface RepositoryParams {
  readonly owner: string;
  readonly repo: string;
}

const SHOWN_COMMITS = 100;

export function commitPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;

  app.get<{ Params: RepositoryParams & { '*': string } }>('/:owner/:repo/commits/*', async (request, reply) => {
    const repository = site.repository(request);
    const git = gitOf(ghes, repository);
    const ref = request.params['*'];
    const head = await git.resolve(ref);
    if (head === undefined) throw new ApiError(404, 'Not Found');
    const shas = (await commitsBetween(git, head, [], SHOWN_COMMITS)).reverse();
    const name = fullName(ghes, repository);
    const rows = (await readCommits(git, shas)).map((commit) => {
      const statuses = latestStatuses(ghes, repository, commit.sha);
      const state = combinedState(statuses);
      return html`<tr>
        <td><a href="/${name}/commit/${commit.sha}">${commit.sha.slice(0, 7)}</a></td>
        <td>${commit.message.split('\n')[0]}</td>
        <td class="muted">${commit.author.name}, ${utcTime(commit.author)}</td>
        <td class="${state}">${statuses.length === 0 ? '' : state}</td>
      </tr>`;
    });
    const body = html`<h2>Commits of ${ref}</h2>
      <table>
        ${rows}
      </table>`;
    return site.send(request, reply, `Commits of ${ref}`, repositoryFrame(ghes, repository, body));
  });

  app.get<{ Params: RepositoryParams & { sha: string } }>('/:owner/:repo/commit/:sha', async (request, reply) => {
    const repository = site.repository(request);
    const git = gitOf(ghes, repository);
    const sha = await git.resolve(request.params.sha);
    if (sha === undefined) throw new ApiError(404, 'Not Found');
    const commit = await readCommit(git, sha);
    const paths = (await changedPaths(git, [commit])).get(sha);
    const list = (kind: string, items: readonly string[] = []) =>
      items.map(
        (path) =>
          html`<tr>
            <td>${kind}</td>
            <td>${path}</td>
          </tr>`,
      );
    const body = html`<h2>Commit <code>${sha}</code></h2>
      <pre>${commit.message}</pre>
      <p class="muted">${commit.author.name}, ${utcTime(commit.author)}</p>
      <h2>Statuses</h2>
      ${statusTable(latestStatuses(ghes, repository, sha))}
      <h2>Files</h2>
      <table>
        ${list('added', paths?.added)}${list('modified', paths?.modified)}${list('removed', paths?.removed)}
      </table>`;
    return site.send(request, reply, sha.slice(0, 7), repositoryFrame(ghes, repository, body));
  });

  app.get<{ Params: RepositoryParams }>('/:owner/:repo/branches', async (request, reply) => {
    const repository = site.repository(request);
    const name = fullName(ghes, repository);
    const branches = await gitOf(ghes, repository).refs('refs/heads');
    const rows = branches.map(({ name: ref, sha }) => {
      const branch = ref.slice('refs/heads/'.length);
      const create = `/${name}/pulls/new?head=${encodeURIComponent(branch)}`;
      return html`<tr>
        <td><a href="/${name}/tree/${encodePath(branch)}">${branch}</a></td>
        <td><a href="/${name}/commit/${sha}">${sha.slice(0, 7)}</a></td>
        <td>${branch === repository.defaultBranch ? 'default' : html`<a href="${create}">New pull request</a>`}</td>
      </tr>`;
    });
    const body = html`<h2>Branches</h2>
      <table>
        ${rows}
      </table>`;
    return site.send(request, reply, 'Branches', repositoryFrame(ghes, repository, body));
  });
}
