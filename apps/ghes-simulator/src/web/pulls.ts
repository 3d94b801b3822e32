import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mergePullRequest } from '../pulls/merging.js';
import { editPullRequest, openPullRequest } from '../pulls/pull-requests.js';
import { pullRequestJson } from '../representations/pull-request.js';
import { fullName } from '../representations/urls.js';
import { gitOf } from '../repositories/repositories.js';
import { ApiError } from '../rest/api.error.js';
import { listPulls } from '../rest/pulls.js';
import { accountById, findPullRequest } from '../state/lookup.js';
import type { PullRequest, Repository } from '../state/model.js';
import { latestStatuses } from '../statuses/statuses.js';
import { html, type Html } from './html.js';
import { repositoryFrame, statusTable } from './repository-frame.js';
import { button, csrfField, type Site } from './site.js';

interface PullRoute {
  readonly Params: { owner: string; repo: string; number: string };
}

interface ListRoute {
  readonly Params: { owner: string; repo: string };
  readonly Querystring: { state?: string; head?: string };
}

export function pullPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;
  const find = (request: FastifyRequest, repository: Repository): PullRequest => {
    const pull = findPullRequest(ghes.store, repository, Number((request.params as PullRoute['Params']).number));
    if (!pull) throw new ApiError(404, 'Not Found');
    return pull;
  };

  app.get<ListRoute>('/:owner/:repo/pulls', (request, reply) => {
    const repository = site.repository(request, 'pull_requests');
    const state = request.query.state ?? 'open';
    const body = pullList(site, repository, listPulls(ghes, repository, { state }));
    return site.send(request, reply, 'Pull requests', repositoryFrame(ghes, repository, body));
  });

  app.get<ListRoute>('/:owner/:repo/pulls/new', async (request, reply) => {
    site.signedIn(request);
    const repository = site.repository(request, 'pull_requests', 'write');
    const body = await newPullForm(site, request, repository, request.query.head);
    return site.send(request, reply, 'New pull request', repositoryFrame(ghes, repository, body));
  });

  app.post<ListRoute>('/:owner/:repo/pulls', async (request, reply) => {
    const { session, form } = site.posted(request);
    const repository = site.repository(request, 'pull_requests', 'write');
    const field = (name: string) => (form.get(name) ?? '').trim();
    const title = field('title') || field('head');
    const wanted = { title, body: field('body') || null, head: field('head'), base: field('base') };
    const pull = await openPullRequest(ghes, repository, session.user, { ...wanted, draft: field('draft') !== '' });
    return reply.redirect(`/${fullName(ghes, repository)}/pull/${pull.number}`, 303);
  });

  app.get<PullRoute>('/:owner/:repo/pull/:number', async (request, reply) => {
    const repository = site.repository(request, 'pull_requests');
    const pull = find(request, repository);
    const body = await pullPage(site, request, repository, pull);
    return site.send(request, reply, pull.title, repositoryFrame(ghes, repository, body));
  });

  app.post<PullRoute & { Params: { action: string } }>('/:owner/:repo/pull/:number/:action', async (request, reply) => {
    const { session } = site.posted(request);
    const repository = site.repository(request, 'contents', 'write');
    const pull = find(request, repository);
    switch (request.params.action) {
      case 'merge':
        await mergePullRequest(ghes, pull, session.user, { method: 'merge' });
        break;
      case 'close':
        await editPullRequest(ghes, pull, { state: 'closed' }, session.user);
        break;
      case 'reopen':
        await editPullRequest(ghes, pull, { state: 'open' }, session.user);
        break;
      default:
        throw new ApiError(404, 'Not Found');
    }
    return reply.redirect(`/${fullName(ghes, repository)}/pull/${pull.number}`, 303);
  });
}

function pullList(site: Site, repository: Repository, pulls: readonly PullRequest[]): Html {
  const name = fullName(site.ghes, repository);
  return html`<p>
      <a href="/${name}/pulls">Open</a> · <a href="/${name}/pulls?state=closed">Closed</a> ·
      <a href="/${name}/pulls/new">New pull request</a>
    </p>
    <table>
      ${pulls.map(
        (pull) =>
          html`<tr>
            <td>#${pull.number}</td>
            <td><a href="/${name}/pull/${pull.number}">${pull.title}</a></td>
            <td>${pull.headRef} → ${pull.baseRef}</td>
            <td>${stateOf(pull)}</td>
          </tr>`,
      )}
    </table>
    ${pulls.length === 0 ? html`<p class="muted">None.</p>` : ''}`;
}

function stateOf(pull: PullRequest): string {
  return pull.mergedAt === null ? `${pull.draft ? 'draft, ' : ''}${pull.state}` : 'merged';
}

async function newPullForm(
  site: Site,
  request: FastifyRequest,
  repository: Repository,
  head: string | undefined,
): Promise<Html> {
  const refs = await gitOf(site.ghes, repository).refs('refs/heads');
  const branches = refs.map(({ name }) => name.slice('refs/heads/'.length));
  const options = (selected: string | undefined) =>
    branches.map((branch) => html`<option ${branch === selected ? html`selected` : ''}>${branch}</option>`);
  return html`<h2>New pull request</h2>
    <form method="post" action="/${fullName(site.ghes, repository)}/pulls">
      ${csrfField(site.signedIn(request))}
      <label for="base">Into</label>
      <select id="base" name="base">
        ${options(repository.defaultBranch)}
      </select>
      <label for="head">From</label>
      <select id="head" name="head">
        ${options(head ?? branches.find((branch) => branch !== repository.defaultBranch))}
      </select>
      <label for="title">Title</label>
      <input type="text" id="title" name="title" maxlength="256" required />
      <label for="body">Description</label>
      <textarea id="body" name="body" rows="5"></textarea>
      <label class="choice"><input type="checkbox" name="draft" value="1" /> Draft</label>
      <p><button class="go">Create pull request</button></p>
    </form>`;
}

async function pullPage(site: Site, request: FastifyRequest, repository: Repository, pull: PullRequest): Promise<Html> {
  const { ghes } = site;
  const json = await pullRequestJson(ghes, pull);
  const session = site.sessions.of(request);
  const path = `/${fullName(ghes, repository)}/pull/${pull.number}`;
  const author = accountById(ghes.store, pull.userId).login;
  return html`<h2>${pull.title} <span class="muted">#${pull.number}</span></h2>
    <p>
      <span class="label">${stateOf(pull)}</span> ${author} wants to merge ${pull.headRef} into ${pull.baseRef}:
      ${json.commits} commits, ${json.changed_files} files, +${json.additions} −${json.deletions}
    </p>
    ${pull.body === null ? '' : html`<pre>${pull.body}</pre>`}
    <h2>Statuses of <a href="/${fullName(ghes, repository)}/commit/${pull.headSha}">${pull.headSha.slice(0, 7)}</a></h2>
    ${statusTable(latestStatuses(ghes, repository, pull.headSha))}
    ${json.mergeable === false ? html`<p class="box fault" role="status">This branch has conflicts.</p>` : ''}
    ${
      session && pull.state === 'open'
        ? html`<p>
            ${json.mergeable && !pull.draft ? button(session, `${path}/merge`, 'Merge pull request', 'go') : ''}
            ${button(session, `${path}/close`, 'Close pull request')}
          </p>`
        : ''
    }
    ${session && pull.state === 'closed' && pull.mergedAt === null ? button(session, `${path}/reopen`, 'Reopen pull request') : ''}`;
}
