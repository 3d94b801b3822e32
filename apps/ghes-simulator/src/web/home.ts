import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../access/actor.js';
import { repositoryPermissions } from '../access/authorize.js';
import { settingsPath } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import { administers, findAccount } from '../state/lookup.js';
import type { Account } from '../state/model.js';
import { html, type Html } from './html.js';
import type { Site } from './site.js';

export function homePages(app: FastifyInstance, site: Site): void {
  const { store } = site.ghes;

  app.get('/', (request, reply) => {
    const owners = store.state.accounts.filter((account) => account.type === 'Organization');
    const body = html`<h1>Organizations</h1>
      ${owners.map((owner) => ownerSection(site, request, owner))}`;
    return site.send(request, reply, 'Organizations', body);
  });

  app.get<{ Params: { owner: string } }>('/:owner', (request, reply) => {
    const owner = findAccount(store, request.params.owner);
    if (!owner) throw new ApiError(404, 'Not Found');
    return site.send(request, reply, owner.login, ownerSection(site, request, owner));
  });

  app.get<{ Params: { id: string } }>('/assets/avatars/u/:id', (request, reply) => {
    const account = store.state.accounts.find(({ id }) => id === Number.parseInt(request.params.id, 10));
    if (!account) throw new ApiError(404, 'Not Found');
    const hue = (account.id * 67) % 360;
    const letter = account.login.slice(0, 1).toUpperCase();
    const picture = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">
      <rect width="40" height="40" fill="hsl(${hue} 60% 45%)" />
      <text x="20" y="27" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#fff">${letter}</text>
    </svg>`;
    return reply.type('image/svg+xml').send(picture.text);
  });
}

function ownerSection(site: Site, request: FastifyRequest, owner: Account): Html {
  const { ghes } = site;
  const user = site.sessions.of(request)?.user;
  const actor: Actor = user ? { kind: 'user', user } : { kind: 'anonymous' };
  const repositories = ghes.store.state.repositories.filter(
    (repository) => repository.ownerId === owner.id && repositoryPermissions(ghes, actor, repository),
  );
  const settings = settingsPath(owner);
  return html`<section class="box">
    <h2><a href="/${owner.login}">${owner.login}</a> <span class="muted">${owner.name}</span></h2>
    <table>
      ${repositories.map(
        (item) =>
          html`<tr>
            <td><a href="/${owner.login}/${item.name}">${item.name}</a></td>
            <td>${item.description}</td>
            <td><span class="label">${item.private ? 'Private' : 'Public'}</span></td>
          </tr>`,
      )}
    </table>
    ${repositories.length === 0 ? html`<p class="muted">No repositories that you can see.</p>` : ''}
    ${
      user && administers(ghes.store, owner, user)
        ? html`<p>
            <a href="${settings}/apps">GitHub Apps</a> · <a href="${settings}/installations">Installed apps</a>
          </p>`
        : ''
    }
  </section>`;
}
