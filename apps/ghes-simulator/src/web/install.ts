import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  chooseRepositories,
  install,
  installationOf,
  requestInstallation,
  type RepositoryChoice,
} from '../apps/installations.js';
import type { Ghes } from '../ghes.js';
import { settingsPath } from '../representations/urls.js';
import { ApiError } from '../rest/api.error.js';
import { accountById, administers, findApp, organizationRole } from '../state/lookup.js';
import type { Account, App, Installation } from '../state/model.js';
import { permissionTable } from './app-manifest.js';
import { html, type Html } from './html.js';
import type { Session } from './sessions.js';
import { csrfField, type Form, type Site } from './site.js';

interface InstallRoute {
  readonly Params: { slug: string };
  readonly Querystring: { target_id?: string; state?: string };
}

/** An app's public page, and its installation on an account. */
export function installPages(app: FastifyInstance, site: Site): void {
  const { ghes } = site;
  const find = (request: FastifyRequest): App => {
    const offered = findApp(ghes.store, (request.params as InstallRoute['Params']).slug);
    if (!offered) throw new ApiError(404, 'Not Found');
    return offered;
  };

  app.get<InstallRoute>('/github-apps/:slug', (request, reply) => {
    const offered = find(request);
    const owner = accountById(ghes.store, offered.ownerId).login;
    const body = html`<h1>${offered.name}</h1>
      <p>${offered.description}</p>
      <p class="muted">Developed by <a href="/${owner}">${owner}</a></p>
      <p><a href="/github-apps/${offered.slug}/installations/new">Install</a></p>
      ${permissionTable(offered.permissions, offered.events)}`;
    return site.send(request, reply, offered.name, body);
  });

  app.get<InstallRoute>('/github-apps/:slug/installations/new', (request, reply) => {
    const session = site.signedIn(request);
    const offered = find(request);
    const body = installForm(ghes, session, offered, request.query);
    return site.send(request, reply, `Install ${offered.name}`, body);
  });

  app.post<InstallRoute>('/github-apps/:slug/installations', (request, reply) => {
    const { session, form } = site.posted(request);
    const offered = find(request);
    const isChosen = (item: Account) => String(item.id) === form.get('target_id');
    const organization = memberOf(ghes, offered, session.user).find(isChosen);
    if (organization) {
      requestInstallation(ghes, offered, organization, session.user);
      return reply.redirect(afterRequest(offered, form.get('state')), 302);
    }
    const target = targets(ghes, offered, session.user).find(isChosen);
    if (!target) throw new ApiError(403, 'You may not install this app on that account.');
    const existing = installationOf(ghes, offered, target);
    const choice = chosen(ghes, target, form);
    if (existing) chooseRepositories(ghes, existing, choice, session.user);
    const installation = existing ?? install(ghes, offered, target, choice, session.user);
    return reply.redirect(afterInstall(ghes, offered, installation, existing !== undefined, form.get('state')), 302);
  });
}

/** Accounts of the user on which the app can be installed; a private app only on its owner's account. */
function targets(ghes: Ghes, app: App, user: Account): Account[] {
  return ghes.store.state.accounts
    .filter((account) => account.type !== 'Bot' && administers(ghes.store, account, user))
    .filter((account) => isOffered(ghes, app, account));
}

/** A private app is offered to its owner only; one of an enterprise to all its organizations. */
function isOffered(ghes: Ghes, app: App, account: Account): boolean {
  return app.public || account.id === app.ownerId || accountById(ghes.store, app.ownerId).type === 'Enterprise';
}

/** Organizations whose owners a member can ask to install the app. */
function memberOf(ghes: Ghes, app: App, user: Account): Account[] {
  return ghes.store.state.accounts.filter(
    (account) => organizationRole(ghes.store, account.id, user.id) === 'member' && isOffered(ghes, app, account),
  );
}

/** The setup URL of an app, with an action and no installation id while the request waits. */
function afterRequest(app: App, state: string | null): string {
  if (app.setupUrl === null) return `/github-apps/${app.slug}`;
  const target = new URL(app.setupUrl);
  target.searchParams.set('setup_action', 'request');
  if (state) target.searchParams.set('state', state);
  return target.href;
}

/** The repositories selected in the form. @throws ApiError 422 if none is selected */
export function chosen(ghes: Ghes, account: Account, form: Form): RepositoryChoice {
  if (form.get('selection') !== 'selected') return 'all';
  const ids = form.getAll('repository_ids').map(Number);
  const choice = ghes.store.state.repositories.filter((item) => item.ownerId === account.id && ids.includes(item.id));
  if (choice.length === 0) throw new ApiError(422, 'Choose at least one repository.');
  return choice;
}

function afterInstall(
  ghes: Ghes,
  app: App,
  installation: Installation,
  existed: boolean,
  state: string | null,
): string {
  const page = `${settingsPath(accountById(ghes.store, installation.accountId))}/installations/${installation.id}`;
  if (app.setupUrl === null || (existed && !app.setupOnUpdate)) return page;
  const target = new URL(app.setupUrl);
  target.searchParams.set('installation_id', String(installation.id));
  target.searchParams.set('setup_action', existed ? 'update' : 'install');
  if (state) target.searchParams.set('state', state);
  return target.href;
}

function installForm(ghes: Ghes, session: Session, app: App, query: InstallRoute['Querystring']): Html {
  const accounts = targets(ghes, app, session.user);
  const requestable = memberOf(ghes, app, session.user);
  if (accounts.length === 0 && requestable.length > 0) return requestForm(session, app, requestable, query.state);
  if (accounts.length === 0) {
    return html`<h1>Install ${app.name}</h1>
      <p class="box fault" role="alert">You own no account that this app can be installed on.</p>`;
  }
  const preferred = accounts.find((item) => String(item.id) === query.target_id) ?? accounts[0];
  return html`<h1>Install ${app.name}</h1>
    <form method="post" action="/github-apps/${app.slug}/installations">
      ${csrfField(session)} <input type="hidden" name="state" value="${query.state}" />
      <fieldset>
        <legend>On</legend>
        ${accounts.map(
          (account) =>
            html`<label class="choice">
              <input
                type="radio"
                name="target_id"
                value="${account.id}"
                ${account === preferred ? html`checked` : ''}
              />
              ${account.login} ${installationOf(ghes, app, account) ? '(installed)' : ''}
            </label>`,
        )}
      </fieldset>
      ${repositoryChoice(ghes, accounts, undefined)} ${permissionTable(app.permissions, app.events)}
      <p><button class="go">Install</button></p>
    </form>`;
}

function requestForm(session: Session, app: App, accounts: readonly Account[], state: string | undefined): Html {
  return html`<h1>Request ${app.name}</h1>
    <p>An owner of the organization has to approve the installation.</p>
    <form method="post" action="/github-apps/${app.slug}/installations">
      ${csrfField(session)} <input type="hidden" name="state" value="${state}" />
      ${accounts.map(
        ({ id, login }) =>
          html`<label class="choice"><input type="radio" name="target_id" value="${id}" checked /> ${login}</label>`,
      )}
      <p><button class="go">Request</button></p>
    </form>`;
}

export function repositoryChoice(ghes: Ghes, accounts: readonly Account[], now: Installation | undefined): Html {
  const selected = now?.repositorySelection === 'selected';
  const mark = (yes: boolean) => (yes ? html`checked` : '');
  const repositories = ghes.store.state.repositories.filter((item) => accounts.some(({ id }) => id === item.ownerId));
  return html`<fieldset>
    <legend>Repository access</legend>
    <label class="choice"
      ><input type="radio" name="selection" value="all" ${mark(!selected)} /> All repositories</label
    >
    <label class="choice">
      <input type="radio" name="selection" value="selected" ${mark(selected)} /> Only select repositories:
    </label>
    ${repositories.map(
      (item) =>
        html`<label class="choice">
          <input
            type="checkbox"
            name="repository_ids"
            value="${item.id}"
            ${mark(selected && now.repositoryIds.includes(item.id))}
          />
          ${accountById(ghes.store, item.ownerId).login}/${item.name}
        </label>`,
    )}
  </fieldset>`;
}
